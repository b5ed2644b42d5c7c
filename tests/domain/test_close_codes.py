from syncplay_backend.domain.close_codes import Close


def test_no_two_reasons_share_a_code():
    assert len(Close.__members__) == len(set(Close))


def test_our_own_codes_are_those_of_the_protocol():
    ours = {code for code in Close if code >= 4000}

    assert ours == {4400, 4401, 4403, 4404, 4408, 4409, 4410, 4429}


def test_the_others_are_ones_that_a_server_may_send():
    assert {code for code in Close if code < 4000} <= {1000, 1012, 1013}
