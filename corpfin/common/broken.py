"""The warning that a model does not hold, light enough for whoever only listens for it."""


class BrokenIdentity(UserWarning):
    """An identity of the model is broken on some path: no figure of the run can be relied on."""
