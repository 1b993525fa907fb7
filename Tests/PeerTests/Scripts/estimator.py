"""estimator.py PART : tests the estimator of Tools/python with one of these; AEGPU_PROGRAM names its program.

  conventions   scikit-learn's own check_estimator
  anomalies     planted ones are found, by scikit-learn's and PyOD's conventions
  copies        pickles, clones and other processes have the trained model
  shapes        images come back as images; what does not fit is refused with a sentence
"""

import pathlib
import pickle
import sys
import warnings

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import check_estimator

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "Tools" / "python"))
from aegpu import Autoencoder, ProgramError, devices


def table():
    """400 rows of 8 columns that 3 numbers make, far from 0; the first 8 rows are unlike the others."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(400, 3)) @ random.normal(size=(3, 8)) + 0.1 * random.normal(size=(400, 8))
    rows[:8] = 5 * random.normal(size=(8, 8))
    return rows + 100


def refused(kind, beginning, call):
    try:
        call()
    except kind as error:
        assert str(error).startswith(beginning), str(error)
        return
    raise AssertionError(f"expected {kind.__name__}: {beginning}")


def conventions():
    failed = [
        f"{result['check_name']}: {result['exception']}"
        for result in check_estimator(Autoencoder(epochs=2, device="cpu"), on_skip=None, on_fail=None)
        if result["status"] not in ("passed", "skipped")
    ]
    assert not failed, "\n".join(failed)


def anomalies():
    rows = table()
    model = Autoencoder(device="cpu", contamination=0.02, random_state=0)
    assert model.fit(rows) is model
    is_planted = np.arange(len(rows)) < 8
    assert (model.predict(rows) == is_planted).all(), np.flatnonzero(model.predict(rows))
    assert (model.labels_ == is_planted).all()
    assert np.array_equal(model.decision_scores_, model.decision_function(rows))
    assert np.array_equal(model.score_samples(rows), -model.decision_scores_)
    assert roc_auc_score(is_planted, model.decision_scores_) == 1
    assert len(model.history_) == 100
    assert model.history_[-1]["train"]["loss"] < model.history_[0]["train"]["loss"]


def copies():
    rows = table()
    model = Autoencoder(device="cpu", epochs=3, random_state=0).fit(rows)
    codes = model.transform(rows)
    assert codes.shape == (400, 32) and codes.dtype == np.float32
    assert np.array_equal(pickle.loads(pickle.dumps(model)).transform(rows), codes)
    assert all(np.array_equal(other, codes) for other in Parallel(2)(delayed(model.transform)(rows) for _ in range(2)))
    assert np.array_equal(clone(model).fit(rows).transform(rows), codes)
    assert not np.array_equal(clone(model).set_params(random_state=1).fit(rows).transform(rows), codes)
    assert np.allclose(model.inverse_transform(codes), model.reconstruct(rows), rtol=1e-6)
    assert np.array_equal(model.sample(5, random_state=3), model.sample(5, random_state=3))
    assert abs(model.sample(200, random_state=3).mean() - 100) < 1
    names = make_pipeline(MinMaxScaler(), model).fit(rows).get_feature_names_out()
    assert list(names[:2]) == ["autoencoder0", "autoencoder1"]


def shapes():
    images = np.random.default_rng(0).integers(256, size=(64, 28, 28), dtype=np.uint8)
    model = Autoencoder("vae", device="cpu", epochs=1, random_state=0).fit(images)
    assert model.transform(images[:5]).shape == (5, 10)
    assert model.sample(2).shape == model.reconstruct(images[:2]).shape == (2, 28, 28)
    refused(ValueError, "X: expected examples of shape (28, 28), received (28, 27)", lambda: model.predict(images[:, :, 1:]))
    refused(ValueError, "X has 3 features, but the codes of this model have 10", lambda: model.inverse_transform([[0] * 3]))
    rows = table()
    refused(ValueError, "contamination: expected above 0", lambda: Autoencoder(contamination=0.7).fit(rows))
    refused(ProgramError, "recipe: expected one of adversarial", lambda: Autoencoder("nope").fit(rows))
    refused(ProgramError, "--set loss.l3=1: loss.l3: expected", lambda: Autoencoder(settings={"loss.l3": 1}).fit(rows))
    assert devices()[-1]["device"] == "cpu"


warnings.simplefilter("ignore")
{part.__name__: part for part in (conventions, anomalies, copies, shapes)}[sys.argv[1]]()
