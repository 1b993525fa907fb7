"""An autoencoder as an estimator."""

import json
import pathlib
import tempfile

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from aegpu import _program

# The files of a run's folder that make a trained model.
_MODEL_FILES = ("recipe.yaml", "environment.json", "weights.safetensors")
# A density is fitted to this many codes at most, where a model has no prior of its own.
_KEPT_CODES = 2000


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Trains a recipe of aegpu on an array, and encodes, decodes, samples and judges with it.

    Parameters
    ----------
    recipe : str
        A recipe's name, or the path of a YAML file (``aegpu recipes``). ``table`` fits any table.
    device : str or int
        A number of ``aegpu list-devices``, ``"cpu"``, or ``"auto"``: a GPU where there is one, else the CPU.
    epochs, batch_size : int or None
        Passes over the data, and examples to an update; None leaves them to the recipe.
    learning_rate : float or None
        None leaves it to the recipe.
    contamination : float
        The share of anomalies in the data that train, above 0 and at most 0.5: it sets ``threshold_``.
    settings : dict or None
        Any other field of the recipe by its path, as ``--set`` has it: ``{"loss.l2": 0.001}``.
    random_state : int, RandomState or None
        Seeds the initial weights, the order of examples and the noise. None is a new seed each time.
    verbose : bool
        Whether the program's progress is shown.

    Attributes
    ----------
    history_ : list of dict
        An entry an epoch: its losses, learning rate and seconds.
    decision_scores_, labels_ : ndarray of shape (n_samples,)
        Of the data that trained: reconstruction errors, and 1 where one is above ``threshold_``, else 0.
    threshold_ : float
        The score that the share ``contamination`` of them is above.
    n_features_in_, feature_names_in_ : as in scikit-learn.

    Notes
    -----
    Rows of numbers are scaled as the recipe says and need no scaling before. Bytes (uint8) count as 0 to 1. Images
    come as ``[rows, height, width]`` or ``[rows, height, width, channels]``. The trained model is in the object, so
    that pickles, copies and other processes have it.
    """

    def __init__(
        self,
        recipe="table",
        device="auto",
        *,
        epochs=None,
        batch_size=None,
        learning_rate=None,
        contamination=0.1,
        settings=None,
        random_state=None,
        verbose=False,
    ):
        self.recipe = recipe
        self.device = device
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.contamination = contamination
        self.settings = settings
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y=None):
        """Trains on X, of shape (n_samples, n_features) or images; y is not used.

        Raises ValueError where X is no array of finite numbers with at least 2 rows, ProgramError where training fails.
        """
        if not 0 < self.contamination <= 0.5:
            raise ValueError(f"contamination: expected above 0 and at most 0.5, received {self.contamination!r}")
        X = self._checked(X, reset=True)
        self.seed_ = int(check_random_state(self.random_state).randint(2**31 - 1))
        with tempfile.TemporaryDirectory(prefix="aegpu-") as place:
            folder = pathlib.Path(place)
            np.save(folder / "x.npy", X)
            self._train(folder)
            run = folder / "run"
            self.run_ = {name: (run / name).read_bytes() for name in _MODEL_FILES}
            lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        self.history_ = [json.loads(line) for line in lines]
        self._shape = X.shape[1:]
        codes = self._encode(X)
        self._code_shape = codes.shape[1:]
        self._n_features_out = int(np.prod(self._code_shape))
        chosen = np.arange(min(len(codes), _KEPT_CODES)) * len(codes) // min(len(codes), _KEPT_CODES)
        self._codes = codes[chosen]
        self.decision_scores_ = self._scores(X)
        self.threshold_ = float(np.quantile(self.decision_scores_, 1 - self.contamination))
        self.labels_ = (self.decision_scores_ > self.threshold_).astype(int)
        return self

    def transform(self, X):
        """The codes of X: (n_samples, code size), float32; of a variational model their means."""
        check_is_fitted(self)
        codes = self._encode(self._checked(X))
        return codes.reshape(len(codes), -1)

    def inverse_transform(self, X):
        """What the decoder makes of codes (n_samples, code size): examples on the scale of the data."""
        check_is_fitted(self)
        codes = check_array(X, dtype=np.float32)
        if codes.shape[1] != self._n_features_out:
            raise ValueError(f"X has {codes.shape[1]} features, but the codes of this model have {self._n_features_out}")
        made = self._ask("decode", {"--codes": codes.reshape(-1, *self._code_shape)}, "made.npy")
        return made.reshape(-1, *self._shape)

    def reconstruct(self, X):
        """X encoded and decoded again, on the scale of the data."""
        check_is_fitted(self)
        X = self._checked(X)
        return self._ask("reconstruct", {"--data": X}, "made.npy", "--split", "all").reshape(X.shape)

    def sample(self, n_samples=1, random_state=None):
        """New examples, made of codes drawn from the model's prior, or from a mixture of Gaussians fitted to codes.

        One ``random_state`` always gives the same; None gives others each time.
        """
        check_is_fitted(self)
        seed = check_random_state(random_state).randint(2**31 - 1)
        given = {"--codes": self._codes}
        made = self._ask("sample", given, "made.npy", "--count", n_samples, "--seed", seed)
        return made.reshape(-1, *self._shape)

    def decision_function(self, X):
        """How badly each example is reconstructed, its mean squared error as the network sees it: higher is worse."""
        check_is_fitted(self)
        return self._scores(self._checked(X))

    def score_samples(self, X):
        """The same with its sign turned, as scikit-learn's detectors have it: higher is more usual."""
        return -self.decision_function(X)

    def predict(self, X):
        """1 where the score is above ``threshold_``, an anomaly, else 0."""
        return (self.decision_function(X) > self.threshold_).astype(int)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []  # codes are float32
        tags.input_tags.three_d_array = True
        return tags

    def _checked(self, X, *, reset=False):
        """X as an array of bytes or floating-point numbers, and of the features that trained."""
        X = validate_data(
            self,
            X,
            reset=reset,
            dtype=[np.uint8, np.float32, np.float64],
            allow_nd=True,
            ensure_min_samples=2 if reset else 1,
        )
        if not reset and X.shape[1:] != self._shape:
            raise ValueError(f"X: expected examples of shape {self._shape}, received {X.shape[1:]}")
        return np.ascontiguousarray(X)

    def _train(self, folder):
        words = ["train", self.recipe, "--data", folder / "x.npy", "--output", folder / "run"]
        words += ["--device", self.device, "--seed", self.seed_]
        given = {"--epochs": self.epochs, "--batch-size": self.batch_size, "--learning-rate": self.learning_rate}
        for flag, value in given.items():
            if value is not None:
                words += [flag, value]
        # Nobody opens the folder of this run.
        unseen = {"pictures.reconstructions": 0, "pictures.samples": 0, "checkpoints.keep": 0}
        for name, value in (unseen | (self.settings or {})).items():
            words += ["--set", f"{name}={_yaml(value)}"]
        _program.run(*words, *([] if self.verbose else ["--quiet"]), verbose=self.verbose)

    def _encode(self, X):
        return self._ask("encode", {"--data": X}, "made.npy", "--split", "all")

    def _scores(self, X):
        given = {"--data": X}
        return self._ask("anomalies", given, "made.csv", "--split", "all", "--threshold", 0)["score"]

    def _ask(self, verb, arrays, output, *words):
        """Runs a command on the model: what it wrote, an array.

        arrays : by flag, what is given to it as files.
        output : the name of what it writes, by whose ending it is read.
        """
        with tempfile.TemporaryDirectory(prefix="aegpu-") as place:
            folder = pathlib.Path(place)
            run = folder / "run"
            run.mkdir()
            for name, content in self.run_.items():
                (run / name).write_bytes(content)
            given = []
            for flag, array in arrays.items():
                file = folder / f"{flag.strip('-')}.npy"
                np.save(file, array)
                given += [flag, file]
            _program.run(verb, run, *given, "--device", self.device, *words, "--output", folder / output)
            if output.endswith(".npy"):
                return np.load(folder / output)
            return np.genfromtxt(folder / output, delimiter=",", names=True, dtype=None, encoding="utf-8", ndmin=1)


def _yaml(value):
    """A value as --set reads it."""
    return value if isinstance(value, str) else json.dumps(value)
