// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hosted processes: reports of their bodies, and their credentials.
 */
#include <procsrv.h>

int procsrv_report(int fd, __u64 pid, enum procsrv_body what, int signo)
{
	struct procsrv_report_args args = {
		.pid = pid,
		.what = what,
		.signo = signo,
	};

	return procsrv_call(fd, PROCSRV_IOC_REPORT, &args);
}

int procsrv_get_credentials(int fd, __u64 pid,
			    struct procsrv_credentials *credentials)
{
	struct procsrv_credentials_args args = { .pid = pid };
	int ret = procsrv_call(fd, PROCSRV_IOC_GET_CREDENTIALS, &args);

	if (!ret)
		*credentials = args.credentials;
	return ret;
}

int procsrv_set_credentials(int fd, __u64 pid,
			    const struct procsrv_credentials *credentials)
{
	struct procsrv_credentials_args args = {
		.pid = pid,
		.credentials = *credentials,
	};

	return procsrv_call(fd, PROCSRV_IOC_SET_CREDENTIALS, &args);
}
