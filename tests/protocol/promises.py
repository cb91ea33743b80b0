"""The 91 things a language server can be asked to survive, by kind; each has a test whose name contains its own."""

PROMISES = {
    "framing": """baseline header_lowercase header_nospace header_order_and_extra byte_at_a_time coalesced
        header_missing_length header_length_alpha header_length_negative length_too_short length_too_long length_absurd
        length_4gib header_endless header_lf_only junk_before_first""",
    "json": """json_invalid json_bad_utf8 json_batch json_scalars json_no_version json_deep json_bigint
        json_nested_jsonrpc json_lone_surrogate""",
    "lifecycle": """req_before_init unknown_before_init note_before_init silence_before_init exit_before_init
        double_initialize req_after_shutdown double_shutdown note_after_shutdown exit_without_shutdown eof_idle
        eof_inflight eof_blocked_thread exit_blocked_thread eof_midbody parent_death dead_process_id null_process_id
        stdout_closed stdout_blocked sigterm sigterm_inflight sigint shutdown_inflight init_wrong_types stray_print""",
    "requests": """unknown_request unknown_request_no_params unknown_notification_no_params unknown_request_array_params
        unknown_notification dollar_methods id_null id_string id_weird id_duplicate cancel_unknown cancel_inflight
        cancel_same_write cancel_late_and_wrong params_wrong_type params_missing params_sloppy_ints handler_exception
        response_unknown response_id_collision unknown_command flood""",
    "documents": """change_unknown close_unknown position_far position_negative change_negative change_inverted
        change_inverted_line change_past_eol change_formfeed change_emoji version_backwards double_open open_50mb
        keystrokes_5mb unopened_not_read odd_uris""",
    "secrets": "token_in_log content_in_log",
}
