// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device, and the call that every operation uses.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <procsrv.h>

const char *procsrv_version(void)
{
	return VERSION;
}

const char *procsrv_device(void)
{
	const char *path = getenv(PROCSRV_DEVICE_ENV);

	return path && *path ? path : PROCSRV_DEVICE;
}

int procsrv_call(int fd, unsigned long request, void *args)
{
	int saved = errno;
	int ret = 0;

	if (ioctl(fd, request, args) < 0) {
		ret = -errno;
		errno = saved;
	}
	return ret;
}

int procsrv_open(const char *path)
{
	struct procsrv_time_args probe = {};
	int saved = errno;
	int fd, ret;

	fd = open(path ? path : procsrv_device(), O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		errno = saved;
		return ret;
	}

	ret = procsrv_get_time(fd, &probe);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

int procsrv_new_server(int fd)
{
	return procsrv_new_server_flags(fd, 0);
}

int procsrv_new_server_flags(int fd, __u32 flags)
{
	struct procsrv_new_server_args args = { .flags = flags };
	int ret = procsrv_call(fd, PROCSRV_IOC_NEW_SERVER, &args);

	return ret ? ret : args.fd;
}
