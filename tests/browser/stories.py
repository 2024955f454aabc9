"""Where each user story is walked: story -> tests, each as ``file::test`` below ``tests/``.

Those of staff, designers and administrators are walked in a browser first; those of programs by the API, and rules that
no page shows by the tests of the engine that hold them. tests/rules/test_stories.py holds that all of them are there.
"""

STORIES: dict[int, tuple[str, ...]] = {
    # staff
    1: (
        "browser/test_desk.py::test_the_late_come_first_and_the_counts_are_the_lists",
        "web/test_inbox.py::test_what_a_group_may_claim_stands_in_its_members_lists_with_equal_counts",
    ),
    2: (
        "browser/test_desk.py::test_who_claims_second_is_told_who_was_first",
        "store/test_verbs_at_once.py::test_two_claim",
    ),
    3: (
        "browser/test_desk.py::test_a_wrong_form_says_so_at_its_field_and_loses_nothing",
        "browser/test_story.py::test_rows_fields_and_drafts_work_as_one_types",
        "browser/test_house.py::test_a_file_is_kept_as_soon_as_it_is_chosen",
    ),
    4: (
        "browser/test_desk.py::test_all_that_a_decision_needs_stands_on_one_page",
        "browser/test_house.py::test_files_stand_beside_the_task_and_on_the_case_page",
    ),
    5: (
        "browser/test_desk.py::test_asked_handed_over_copied_urged_and_told",
        "browser/test_desk.py::test_done_and_undone_by_one_press",
        "store/test_verbs_at_once.py::test_every_verb_is_raced_here",
    ),
    6: (
        "browser/test_desk.py::test_who_goes_away_says_who_stands_in",
        "store/test_verbs_at_once.py::test_two_dispatchers_begin_an_absence_once",
    ),
    7: ("unit/inbox/test_assign.py::test_who_is_away_or_inactive_gets_no_turn",),
    8: ("browser/test_house.py::test_a_day_off_moves_what_would_be_due",),
    9: (
        "browser/test_desk.py::test_on_hold_the_promise_stands_still_and_goes_on_where_it_was",
        "store/test_standstill.py::test_who_has_the_work_changes_nothing_about_its_promise",
        "browser/test_desk.py::test_the_customer_s_answer_ends_the_hold",
        "web/api/test_hold.py::test_the_customer_s_reply_resumes_and_is_delivered",
        "web/api/test_hold.py::test_a_message_to_a_held_case_is_refused_and_not_lost_silently",
    ),
    10: (
        "browser/test_desk.py::test_what_nobody_touches_goes_back_and_both_are_told",
        "unit/inbox/test_untouched.py::test_so_often_at_most_then_it_stays_and_the_manager_knows",
    ),
    11: (
        "unit/domain/test_diary.py::test_two_appointments_of_one_person_clash_when_they_touch_the_same_minutes",
        "unit/domain/test_events.py::test_a_clash_is_overridden_with_a_reason_only",
    ),
    12: (
        "browser/test_offline.py::test_a_visit_is_done_in_a_cellar_and_arrives_once_with_its_photos",
        "browser/test_offline.py::test_a_sync_that_is_torn_off_in_the_middle_and_comes_again_happens_once",
        "browser/test_offline.py::test_what_somebody_else_did_meanwhile_is_a_conflict_that_keeps_what_was_entered",
        "web/test_offline.py::test_what_happened_meanwhile_is_a_conflict_that_overwrites_nothing",
    ),
    13: ("browser/test_desk.py::test_many_at_once_can_be_undone_before_they_are_done",),
    14: ("browser/test_desk.py::test_a_customer_s_page_tells_what_runs_and_who_is_at_it",),
    15: ("store/test_ledger.py::test_the_pool_holds_what_nobody_has_claimed_the_longest_pooled_first",),
    16: ("web/test_desk.py::test_feedback_knows_case_process_and_step_and_comes_back_answered",),
    # designers
    17: ("browser/test_designer.py::test_from_upload_to_a_case_that_was_moved_on",),
    18: ("unit/definitions/test_checks.py::test_what_lies_outside_is_asked_about_only_when_it_is_known",),
    19: (
        "browser/test_modeler.py::test_a_refused_save_loses_nothing_and_can_lie_over_the_other",
        "browser/test_modeler.py::test_what_was_drawn_and_never_saved_is_offered_again",
    ),
    20: ("browser/test_comparison.py::test_two_versions_beside_each_other",),
    21: ("browser/test_migration.py::test_running_cases_are_tried_moved_watched_and_taken_back",),
    22: ("browser/test_variants.py::test_ten_typical_changes_each_in_under_two_minutes",),
    23: ("browser/test_sandbox.py::test_a_draft_is_played_to_its_end",),
    24: ("browser/test_sheets.py::test_a_table_from_nothing",),
    25: ("unit/scripts/test_attacks.py::test_nothing_outside_is_reached",),
    26: ("browser/test_variants.py::test_ten_typical_changes_each_in_under_two_minutes",),
    27: ("web/test_differences.py::test_the_heat_map_marks_the_base_by_variants_or_by_cases",),
    # administrators
    28: (
        "browser/test_groups.py::test_rules_are_drafted_tried_on_the_customers_and_released_by_another",
        "unit/customers/test_release.py::test_an_overlap_is_refused_with_a_customer_that_really_hits_both",
        "unit/customers/test_following.py::test_every_customer_is_looked_at_once_however_many_there_are",
    ),
    29: (
        "unit/variants/test_acceptance.py::test_a_customer_crossing_the_threshold_changes_group_only_after_the_stay_and_"
        "then_the_next_start_does",
    ),
    30: ("browser/test_boards.py::test_a_new_base_from_the_first_look_to_release_and_back",),
    31: ("unit/domain/test_registrations.py::test_of_many_partners_at_once_one_is_protected",),
    32: ("unit/inbox/test_any_order.py::test_no_order_of_verbs_leaves_work_that_nobody_can_finish",),
    33: ("web/test_pages.py::test_each_role_reads_exactly_its_pages",),
    34: ("browser/test_every_page.py::test_no_page_is_broken_in_any_light_or_width",),
    35: ("unit/domain/test_contacts.py::test_two_hundred_at_the_same_moment_get_exactly_the_budget",),
    36: ("browser/test_desk.py::test_who_leaves_leaves_no_work_behind",),
    37: ("unit/watch/test_watch.py::test_health_counts_and_is_late_only_when_nobody_ticks",),
    38: ("browser/test_every_page.py::test_no_page_is_broken_in_any_light_or_width",),
    # programs
    39: ("web/api/test_again.py::test_the_same_key_with_another_request_is_refused_in_both_languages",),
    40: ("web/api/test_cases.py::test_two_who_wait_make_a_message_ambiguous",),
    41: ("unit/webhooks/test_telling.py::test_a_listener_that_never_answers_makes_dead_letters_and_they_are_replayed",),
    42: ("web/api/test_doors.py::test_the_description_names_every_operation_with_its_answers",),
    43: ("unit/schedule/test_cycles.py::test_a_cron_line_is_meant_in_the_calendar_s_zone",),
    # language
    44: (
        "browser/test_desk.py::test_the_language_switch_keeps_the_page_even_of_a_refused_form",
        "web/test_pages.py::test_every_page_speaks_the_reader_s_language",
    ),
    45: ("web/test_cases.py::test_no_staff_page_speaks_the_engine_s_language",),
}
LACKING: dict[int, str] = {}
"""What of a story is not there yet."""
