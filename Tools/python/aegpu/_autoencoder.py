"""An autoencoder as an estimator."""

import json
import pathlib
import tempfile

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from aegpu import _program

# The files of a run folder that are needed for a trained model.
_MODEL_FILES = ("recipe.yaml", "environment.json", "weights.safetensors")
# The largest number of codes that a prior is fitted to, for a model without a prior.
_KEPT_CODES = 2000


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Trains a recipe of aegpu on an array; encodes, decodes, samples and scores examples with it.

    Parameters
    ----------
    recipe : str
        A recipe's name (``aegpu recipes``), or the path to a YAML file. ``table`` works for any table.
    device : str or int
        An index from ``aegpu list-devices``, ``"cpu"``, or ``"auto"``: a GPU if there is one, else the CPU.
    epochs, batch_size : int or None
        Passes over the data, and examples per update; None: as in the recipe.
    learning_rate : float or None
        Learning rate; None: as in the recipe.
    contamination : float
        Fraction of anomalies in the training data, above 0 and at most 0.5; it determines ``threshold_``.
    settings : dict or None
        Other fields of the recipe by path, as for ``--set``: ``{"loss.l2": 0.001}``.
    random_state : int, RandomState or None
        Random seed for the initial weights, the order of examples and the noise. None: a new seed each time.
    verbose : bool
        Whether to show the program's progress.

    Attributes
    ----------
    history_ : list of dict
        One entry per epoch: losses, learning rate and seconds.
    decision_scores_, labels_ : ndarray of shape (n_samples,)
        For the training data: reconstruction errors, and 1 if the error is above ``threshold_``, else 0.
    threshold_ : float
        The score that the fraction ``contamination`` of them exceeds.
    n_features_in_, feature_names_in_ : as in scikit-learn.

    Notes
    -----
    The recipe scales rows of numbers; do not scale them before. Bytes (uint8) are divided by 255. The shape of images is
    ``[rows, height, width]`` or ``[rows, height, width, channels]``. The object contains the trained model, also when it
    is pickled, copied or sent to other processes.
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

        Raises ValueError if X is not an array of finite numbers with at least 2 rows, ProgramError if training fails.
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
        """The codes of X: (n_samples, code size), float32; for a variational model, their means."""
        check_is_fitted(self)
        codes = self._encode(self._checked(X))
        return codes.reshape(len(codes), -1)

    def inverse_transform(self, X):
        """Decodes codes (n_samples, code size) to examples on the scale of the data."""
        check_is_fitted(self)
        codes = check_array(X, dtype=np.float32)
        if codes.shape[1] != self._n_features_out:
            raise ValueError(f"X has {codes.shape[1]} features, but the codes of this model have {self._n_features_out}")
        made = self._ask("decode", {"--codes": codes.reshape(-1, *self._code_shape)}, "made.npy")
        return made.reshape(-1, *self._shape)

    def reconstruct(self, X):
        """The reconstruction of X, on the scale of the data."""
        check_is_fitted(self)
        X = self._checked(X)
        return self._ask("reconstruct", {"--data": X}, "made.npy", "--split", "all").reshape(X.shape)

    def sample(self, n_samples=1, random_state=None):
        """New examples, decoded from codes of the model's prior, or of a mixture of Gaussians fitted to codes.

        The same ``random_state`` gives the same examples; None: others each time.
        """
        check_is_fitted(self)
        seed = check_random_state(random_state).randint(2**31 - 1)
        given = {"--codes": self._codes}
        made = self._ask("sample", given, "made.npy", "--count", n_samples, "--seed", seed)
        return made.reshape(-1, *self._shape)

    def decision_function(self, X):
        """The mean squared reconstruction error of each example, on the scale of the network's input: higher is worse."""
        check_is_fitted(self)
        return self._scores(self._checked(X))

    def score_samples(self, X):
        """The negative of ``decision_function``, as in scikit-learn's detectors: higher is more normal."""
        return -self.decision_function(X)

    def predict(self, X):
        """1 for an anomaly, whose score is above ``threshold_``, else 0."""
        return (self.decision_function(X) > self.threshold_).astype(int)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []  # codes are float32
        tags.input_tags.three_d_array = True
        return tags

    def _checked(self, X, *, reset=False):
        """X as an array of bytes or floating-point numbers, with the features of the training data."""
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
        # The folder of this run is temporary.
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
        """Runs a command on the model, and returns its output as an array.

        arrays : its input arrays by option, which are passed as files.
        output : the name of its output file; the extension determines how it is read.
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
    """A value in the form that --set reads."""
    return value if isinstance(value, str) else json.dumps(value)
