"""The file of a small study, which takes a second or so."""


def study_text(more="", name="small", n_models=3, hidden=8, epochs=2, peak_epoch=1, batch_size=64, size=10):
    """Return the text of a study of the digits with a random forget set, and with what is written in `more`."""
    return f"""name = "{name}"
n_models = {n_models}
data = {{ kind = "digits" }}
model = {{ kind = "mlp", hidden = [{hidden}] }}
train = {{ epochs = {epochs}, peak_epoch = {peak_epoch}, batch_size = {batch_size} }}

[[forget_set]]
kind = "random"
name = "random"
size = {size}
seed = 0
{more}"""
