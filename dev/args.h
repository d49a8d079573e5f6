/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Room for the structure of any call, for the module and for tables of calls in tests.
 * Included after the interface.
 */
#ifndef PROCSRV_ARGS_H
#define PROCSRV_ARGS_H

union procsrv_args {
	struct procsrv_create_args create;
	struct procsrv_exec_args exec;
	struct procsrv_terminate_args terminate;
	struct procsrv_wait_args wait;
	struct procsrv_signal_args signal;
	struct procsrv_info_args info;
	struct procsrv_limits_args limits;
	struct procsrv_update_args update;
	struct procsrv_create_session_args create_session;
	struct procsrv_create_group_args create_group;
	struct procsrv_set_group_args set_group;
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	struct procsrv_set_terminal_args set_terminal;
	struct procsrv_hang_up_args hang_up;
	struct procsrv_list_args list;
	struct procsrv_reap_args reap;
	struct procsrv_stats stats;
	struct procsrv_revoke_args revoke;
	struct procsrv_time_args time;
	struct procsrv_take_signal_args take_signal;
	struct procsrv_set_reaper_args set_reaper;
	struct procsrv_subscribe_args subscribe;
	struct procsrv_open_process_args open_process;
	struct procsrv_new_server_args new_server;
	struct procsrv_batch_args batch;
	struct procsrv_report_args report;
	struct procsrv_credentials_args credentials;
	struct procsrv_set_autoreap_args set_autoreap;
	struct procsrv_set_foreground_args set_foreground;
};

#endif /* PROCSRV_ARGS_H */
