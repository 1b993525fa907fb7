"""The golden runs: name → the fields of a recipe. Batch size and seed are the same for all; see record.py."""


def layers(*pairs):
    return [{"dense": {"units": units, "activation": activation}} for units, activation in pairs]


def conv(filters, activation, size=3, kind="conv2D", **more):
    return {kind: {"filters": filters, "size": size, "activation": activation, **more}}


def loss(reconstruction, reduction="mean", **more):
    return {"reconstruction": reconstruction, "reduction": reduction, **more}


def ramp(start, end, epochs=2):
    return {"from": start, "to": end, "epochs": epochs}


def activated(name):
    return dict(
        input=[9], encoder=layers((6, name), (3, name)), decoder=layers((6, name), (9, "sigmoid")),
        loss=loss(MSE), optimizer=SGD)  # fmt: skip


ADAM = {"adam": {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}}
OTHER_ADAM = {"adam": {"learningRate": 1e-2, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4}}
SGD = {"sgd": {"learningRate": 1e-2}}
RMS_PROP = {"rmsProp": {"learningRate": 1e-3, "rho": 0.8, "epsilon": 1e-4}}
LOGITS, BCE, MSE = "binaryCrossEntropyWithLogits", "binaryCrossEntropy", "squaredError"
GAN_SGD, GAN_LOW, GAN_HIGH = {"sgd": {"learningRate": 0.2, "momentum": 0.5}}, 0.68, 0.72
BESIDE = {"concatenate": "label"}
TANH = dict(input=[9], encoder=layers((6, "tanh"), (3, "tanh")), decoder=layers((6, "tanh"), (9, "sigmoid")))

NETWORKS = {
    # the two first recipes, scaled down
    "dense": dict(
        input=[12], encoder=layers((8, "relu"), (6, "relu"), (3, "identity")),
        decoder=layers((6, "relu"), (8, "relu"), (12, "identity")), loss=loss(LOGITS), optimizer=ADAM),
    "vae": dict(
        input=[12], encoder=layers((7, "relu")), latent={"variational": {"units": 3}},
        decoder=layers((7, "relu"), (12, "identity")), loss=loss(LOGITS, "batchMean"), optimizer=ADAM),
    # one for each other activation; between them the other losses and optimizers
    "dense-elu": dict(
        input=[9], encoder=layers((6, "elu"), (3, "identity")), decoder=layers((6, "elu"), (9, "identity")),
        loss=loss(MSE), optimizer=ADAM),
    "dense-sigmoid": dict(
        input=[9], encoder=layers((6, "sigmoid"), (3, "sigmoid")), decoder=layers((6, "sigmoid"), (9, "sigmoid")),
        loss=loss(BCE), optimizer=OTHER_ADAM),
    "dense-tanh": dict(
        input=[9], encoder=layers((6, "tanh"), (3, "tanh")), decoder=layers((6, "tanh"), (9, "tanh")),
        loss=loss(MSE, "sum"), optimizer=SGD),
    "dense-softplus": dict(
        input=[9], encoder=layers((6, "softplus"), (3, "identity")),
        decoder=layers((6, "softplus"), (9, "sigmoid")), loss=loss(MSE), optimizer=SGD),
    "dense-leaky-relu": activated("leakyRelu"),
    "dense-selu": activated("selu"),
    "dense-gelu": activated("gelu"),
    "dense-silu": activated("silu"),
    # the tutorials' other networks, scaled down
    "stacked": dict(
        input=[9], encoder=layers((6, "elu"), (3, "elu")), decoder=layers((6, "elu"), (9, "identity")),
        loss=loss(MSE, l2=0.1), optimizer=ADAM),
    "tied": dict(
        input=[9], encoder=layers((6, "elu"), (3, "elu")),
        decoder=[{"tiedDense": {"activation": "elu"}}, {"tiedDense": {}}], loss=loss(MSE, l2=0.1), optimizer=OTHER_ADAM),
    "tied-tanh": dict(
        input=[9], normalization="mean", encoder=layers((6, "tanh"), (3, "tanh")),
        decoder=[{"tiedDense": {"activation": "tanh"}}] * 2, loss=loss(MSE, "sum"), optimizer=ADAM),
}  # fmt: skip

IMAGES = {
    "conv": dict(
        input=[6, 6, 1], encoder=[conv(2, "tanh"), {"maxPool2D": {"size": 2}}],
        decoder=[conv(2, "elu"), {"upsample2D": {"factor": 2}}, conv(1, "sigmoid")], loss=loss(BCE), optimizer=SGD),
    "conv-strided": dict(
        input=[8, 6, 1], encoder=[conv(3, "silu", stride=2), conv(2, "tanh", size=2, padding="valid")],
        decoder=[
            conv(3, "gelu", size=2, kind="convTranspose2D", padding="valid"),
            conv(1, "sigmoid", kind="convTranspose2D", stride=2)],
        loss=loss(BCE), optimizer=SGD),
    "conv-valid": dict(
        input=[7, 7, 2],
        encoder=[
            conv(2, "selu", stride=2, padding="valid"), {"averagePool2D": {"size": 2, "stride": 1}}],
        decoder=[conv(2, "sigmoid", kind="convTranspose2D", stride=2, padding="valid")],
        loss=loss(MSE), optimizer=OTHER_ADAM),
    # windows that leave pixels out
    "conv-sparse": dict(
        input=[9, 6, 1], encoder=[conv(2, "tanh", size=2, stride=3)],
        decoder=[conv(1, "sigmoid", size=2, kind="convTranspose2D", stride=3)], loss=loss(BCE), optimizer=SGD),
    "pool-average": dict(
        input=[5, 6, 1], encoder=[conv(3, "softplus"), {"averagePool2D": {"size": 2}}],
        decoder=[
            conv(2, "tanh"), {"upsample2D": {"factor": 2, "interpolation": "bilinear"}},
            conv(1, "sigmoid", size=2, padding="valid"), {"reshape": {"shape": [25, 1, 1]}}, {"flatten": {}},
            *layers((30, "identity")), {"reshape": {"shape": [5, 6, 1]}}],
        loss=loss(LOGITS), optimizer=OTHER_ADAM),
    "pool-overlapping": dict(
        input=[5, 6, 1], encoder=[conv(1, "elu"), {"maxPool2D": {"size": 3, "stride": 2}}],
        decoder=[
            {"upsample2D": {"factor": 3, "interpolation": "bilinear"}},
            {"averagePool2D": {"size": 3, "stride": 2, "padding": "valid"}}, {"flatten": {}},
            *layers((30, "sigmoid")), {"reshape": {"shape": [5, 6, 1]}}],
        loss=loss(BCE, "batchMean"), optimizer=SGD),
    "conv-batch-norm": dict(
        input=[4, 4, 1], encoder=[conv(2, "tanh"), {"batchNorm": {"momentum": 0.5, "epsilon": 0.01}}],
        decoder=[conv(1, "sigmoid")], loss=loss(BCE), optimizer=SGD),
    "conv-dropout": dict(
        input=[5, 4, 1], encoder=[conv(3, "tanh"), {"dropout": {"rate": 0.4}}],
        decoder=[{"gaussianNoise": {"deviation": 0.2}}, conv(1, "sigmoid")], loss=loss(BCE), optimizer=SGD),
}  # fmt: skip

# training-only behaviour, and penalties on code and weights
REGULARIZED = {
    "batch-norm": dict(
        input=[9], encoder=[*layers((6, "identity")), {"batchNorm": {"momentum": 0.8}}, {"activation": "tanh"}],
        decoder=layers((9, "sigmoid")), loss=loss(MSE), optimizer=SGD),
    "dropout": dict(
        input=[9], encoder=[{"dropout": {"rate": 0.2}}, *layers((6, "tanh")), {"dropout": {"rate": 0.5}}],
        decoder=[*layers((6, "tanh")), {"dropout": {"rate": 0.3}}, *layers((9, "sigmoid"))],
        loss=loss(BCE), optimizer=ADAM),
    "noise": dict(
        input=[9],
        encoder=[{"maskingNoise": {"rate": 0.25}}, {"gaussianNoise": {"deviation": 0.3}}, *layers((6, "tanh"))],
        decoder=[{"maskingNoise": {"rate": 0.5}}, *layers((9, "sigmoid"))], loss=loss(BCE), optimizer=ADAM),
    "denoising": dict(
        TANH, corruption={"gaussian": {"mean": 0.1, "deviation": 0.5}}, loss=loss(BCE), optimizer=SGD),
    "denoising-unclipped": dict(
        TANH, corruption={"gaussian": {"deviation": 0.5, "clip": False}}, loss=loss(BCE), optimizer=SGD),
    "denoising-masked": dict(TANH, corruption={"masking": {"rate": 0.3}}, loss=loss(BCE), optimizer=SGD),
    "vae-weighted": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 3}},
        decoder=[{"dropout": {"rate": 0.3}}, *layers((9, "identity"))],
        loss=loss(LOGITS, "sum", klWeight=0.25, l2=0.1), optimizer=SGD),
    # ramps: weights, a capacity, noise
    "beta": dict(
        input=[9], encoder=[{"gaussianNoise": {"deviation": ramp(0.5, 0.1)}}, *layers((6, "tanh"))],
        latent={"variational": {"units": 3}}, decoder=layers((6, "tanh"), (9, "identity")),
        corruption={"gaussian": {"deviation": ramp(0, 0.4, 1), "clip": False}},
        loss=loss(LOGITS, "batchMean", klWeight=ramp(0, 4)), optimizer=ADAM),
    "beta-capacity": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 3}},
        decoder=layers((6, "tanh"), (9, "identity")),
        loss=loss(LOGITS, "sum", klWeight=ramp(1, 10, 1.5), klCapacity=ramp(0, 5)), optimizer=ADAM),
    "beta-free-bits": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 3}},
        decoder=layers((6, "tanh"), (9, "identity")),
        loss=loss(LOGITS, "sum", klWeight=ramp(0, 2), freeBits=0.5), optimizer=ADAM),
    # several codes per example, and discrepancy between codes and prior
    "iwae": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 3, "samples": 4}},
        decoder=layers((6, "tanh"), (9, "identity")), loss=loss(LOGITS, "batchMean"), optimizer=ADAM),
    "iwae-sum": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 2, "samples": 3}},
        decoder=[{"dropout": {"rate": 0.3}}, *layers((9, "sigmoid"))], loss=loss(MSE, "sum", l2=0.1), optimizer=SGD),
    "infovae": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 3}},
        decoder=layers((6, "tanh"), (9, "identity")),
        loss=loss(LOGITS, "batchMean", klWeight=0.5, mmd={"weight": ramp(0, 20)}), optimizer=ADAM),
    "wae": dict(
        input=[9], encoder=layers((6, "tanh"), (2, "identity")), decoder=layers((6, "tanh"), (9, "identity")),
        prior="swissRoll", loss=loss(MSE, "batchMean", mmd={"weight": 10, "kernel": "inverseMultiquadratic"}),
        optimizer=ADAM),
    # terms that layers add, one with a name, one with a ramp
    "penalties": dict(
        input=[9], encoder=[
            *layers((6, "tanh")), {"penalty": {"kind": "l1", "weight": 0.1, "name": "hidden"}},
            *layers((4, "sigmoid")), {"penalty": {"kind": "sparsity", "target": 0.2, "weight": ramp(0, 1)}}],
        decoder=[*layers((6, "tanh")), {"penalty": {"kind": "l2", "weight": 0.05}}, *layers((9, "sigmoid"))],
        loss=loss(MSE, "batchMean", l2=0.01), optimizer=SGD),
    # the class of an example, appended to its features and to the pixels of an image
    "conditional": dict(
        input=[9], classes=4, encoder=[BESIDE, *layers((6, "tanh"))], latent={"variational": {"units": 3}},
        decoder=[BESIDE, *layers((6, "tanh")), BESIDE, *layers((9, "identity"))],
        loss=loss(LOGITS, "batchMean"), optimizer=ADAM),
    "conditional-conv": dict(
        input=[4, 4, 1], classes=3, encoder=[BESIDE, conv(2, "tanh", stride=2), BESIDE, conv(2, "tanh")],
        decoder=[BESIDE, conv(2, "tanh", kind="convTranspose2D", stride=2), conv(1, "sigmoid")],
        loss=loss(BCE), optimizer=SGD),
    "l1": dict(TANH, loss=loss(MSE, l1=0.02, codeL1=0.05), optimizer=SGD),
    "l1-sum": dict(TANH, loss=loss(MSE, "sum", l1=0.01, l2=0.02, codeL1=0.05), optimizer=SGD),
    "sparsity": dict(
        input=[9], encoder=layers((6, "tanh"), (4, "sigmoid")), decoder=layers((9, "sigmoid")),
        loss=loss(MSE, "batchMean", sparsity={"target": 0.1, "weight": 0.5}), optimizer=SGD),
}  # fmt: skip

# the other optimizers, clipping, schedules; an epoch has four steps
UPDATES = {
    "rms-prop": dict(
        TANH, loss=loss(BCE),
        optimizer={"rmsProp": {"learningRate": 1e-3, "rho": 0.9, "momentum": 0.5, "epsilon": 1e-5}}),
    "adam-w": dict(
        TANH, loss=loss(BCE),
        optimizer={"adamW": {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-5, "decay": 0.1}}),
    "momentum": dict(
        TANH, loss=loss(BCE), schedule={"decay": {"exponential": {"epochs": 1, "factor": 0.5}}},
        optimizer={"sgd": {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}}),
    "clipping-norm": dict(
        TANH, loss=loss(MSE, "sum"), clipping={"norm": 7.5}, optimizer={"sgd": {"learningRate": 0.01}}),
    "clipping-value": dict(
        TANH, loss=loss(MSE, "sum"), clipping={"value": 1.8}, optimizer={"sgd": {"learningRate": 0.01}}),
    "steps": dict(
        TANH, loss=loss(BCE), schedule={"decay": {"step": {"epochs": 0.75, "factor": 0.3}}},
        optimizer={"sgd": {"learningRate": 0.1, "momentum": 0.9}}),
    "warm-up": dict(TANH, loss=loss(BCE), schedule={"warmUp": 1.25}, optimizer=OTHER_ADAM),
    "warm-up-cosine": dict(
        TANH, loss=loss(BCE), optimizer=RMS_PROP,
        schedule={"warmUp": 0.75, "decay": {"cosine": {"epochs": 1.25, "floor": 0.1}}}),
}  # fmt: skip

# time series; the steps of an example are its rows
SEQUENCES = {
    "conv1d": dict(
        input=[9, 2],
        encoder=[
            conv(3, "tanh", kind="conv1D", stride=2), {"maxPool1D": {"size": 2, "stride": 1, "padding": "valid"}},
            {"averagePool1D": {"size": 3, "stride": 2}}, *layers((2, "elu"))],
        decoder=[
            {"upsample1D": {"factor": 2}}, conv(2, "tanh", kind="convTranspose1D", stride=2, padding="valid"),
            conv(2, "sigmoid", size=1, kind="conv1D")],
        loss=loss(BCE), optimizer=SGD),
    # the network of the recipe series-conv, in small
    "conv1d-transposed": dict(
        input=[12, 2],
        encoder=[
            conv(4, "tanh", size=7, kind="conv1D", stride=2), {"dropout": {"rate": 0.2}},
            conv(3, "tanh", size=7, kind="conv1D", stride=2)],
        decoder=[
            conv(3, "tanh", size=7, kind="convTranspose1D", stride=2), {"dropout": {"rate": 0.2}},
            conv(4, "tanh", size=7, kind="convTranspose1D", stride=2),
            conv(2, "identity", size=7, kind="convTranspose1D")],
        loss=loss(MSE), optimizer=ADAM),
    "lstm": dict(
        input=[6, 2], encoder=[{"lstm": {"units": 4, "returnSequences": True}}, {"lstm": {"units": 3}}],
        decoder=[
            {"repeat": {"count": 6}}, {"lstm": {"units": 4, "returnSequences": True}}, *layers((2, "sigmoid"))],
        loss=loss(BCE), optimizer=ADAM),
    "gru": dict(
        input=[6, 2], encoder=[{"gru": {"units": 4, "returnSequences": True}}, {"gru": {"units": 3}}],
        decoder=[
            {"repeat": {"count": 6}}, {"gru": {"units": 4, "returnSequences": True}}, *layers((2, "identity"))],
        loss=loss(MSE, l2=0.1),
        optimizer={"adamW": {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-5, "decay": 0.1}}),
}  # fmt: skip


def critic(error, against, of="critic", **more):
    return {error: {"of": of, "against": against, **more}}


PARTS = [
    {"name": "critic", "reads": "code", "layers": layers((5, "tanh"), (1, "identity"))},
    {"name": "criticOfPrior", "reads": "prior", "shares": "critic"},
]
ADVERSARIAL = [
    {"name": "reconstruct", "minimise": ["loss"], "moves": ["encoder", "decoder"]},
    {"name": "critic", "minimise": [critic(LOGITS, 1, "criticOfPrior"), critic(LOGITS, 0)], "moves": ["critic"]},
    {"name": "fool", "minimise": [critic(LOGITS, 1)], "moves": ["encoder"]},
]

# steps of several phases
PHASES = {
    "adversarial": dict(
        input=[9], encoder=layers((6, "tanh"), (3, "identity")), decoder=layers((6, "tanh"), (9, "sigmoid")),
        parts=PARTS, phases=ADVERSARIAL, loss=loss(BCE), optimizer=ADAM),
    # the discrepancy from the prior as the objective of a phase
    "wae-phases": dict(
        input=[9], encoder=layers((6, "tanh"), (3, "identity")), decoder=layers((6, "tanh"), (9, "sigmoid")),
        loss=loss(BCE), optimizer=ADAM,
        phases=[
            ADVERSARIAL[0],
            dict(
                name="match", moves=["encoder"],
                minimise=[{"mmd": {"of": "code", "against": "prior", "weight": 2, "kernel": "inverseMultiquadratic"}}])]),
    # each phase by its own optimizer, a shaped prior, weights and a tensor to compare with
    "adversarial-mixture": dict(
        input=[9], encoder=layers((6, "tanh"), (2, "identity")), decoder=layers((6, "tanh"), (9, "identity")),
        prior="mixture", parts=PARTS, loss=loss(LOGITS, "batchMean", l2=0.1), optimizer=OTHER_ADAM,
        phases=[
            ADVERSARIAL[0],
            dict(ADVERSARIAL[1], optimizer={"sgd": {"learningRate": 0.1, "momentum": 0.9}}),
            dict(
                ADVERSARIAL[2], optimizer=RMS_PROP,
                minimise=[critic(LOGITS, 1, weight=0.5), critic(MSE, "input", "reconstruction", weight=0.25)])]),
    "adversarial-swiss-roll": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 2}},
        decoder=layers((6, "tanh"), (9, "identity")), prior="swissRoll", parts=PARTS, phases=ADVERSARIAL,
        loss=loss(LOGITS, "batchMean", klWeight=0.1),
        optimizer={"adamW": {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-5, "decay": 0.1}}),
    # reconstructions compared on the features of a critic; two phases depend on the critic's loss
    "vae-gan": dict(
        input=[9], encoder=layers((6, "tanh")), latent={"variational": {"units": 3}},
        decoder=layers((6, "tanh"), (9, "identity")), loss=loss(LOGITS, "batchMean"), optimizer=GAN_SGD,
        parts=[
            {"name": "sample", "reads": "prior", "shares": "decoder"},
            {"name": "features", "reads": "input", "layers": layers((5, "tanh"))},
            {"name": "featuresOfReconstruction", "reads": "reconstruction", "shares": "features"},
            {"name": "featuresOfSample", "reads": "sample", "shares": "features"},
            {"name": "critic", "reads": "features", "layers": layers((1, "identity"))},
            {"name": "criticOfReconstruction", "reads": "featuresOfReconstruction", "shares": "critic"},
            {"name": "criticOfSample", "reads": "featuresOfSample", "shares": "critic"}],
        phases=[
            {"name": "encode", "moves": ["encoder"], "minimise": [
                "kl", critic(MSE, "features", "featuresOfReconstruction", weight=3)]},
            {"name": "critic", "moves": ["features", "critic"], "when": {"phase": "critic", "above": GAN_LOW},
                "minimise": [
                    critic(LOGITS, 1, weight=0.5), critic(LOGITS, 0, "criticOfReconstruction", weight=0.25),
                    critic(LOGITS, 0, "criticOfSample", weight=0.25)]},
            {"name": "decode", "moves": ["decoder"], "when": {"phase": "critic", "below": GAN_HIGH}, "minimise": [
                critic(MSE, "features", "featuresOfReconstruction", weight=0.5),
                critic(LOGITS, 1, "criticOfReconstruction", weight=0.5), critic(LOGITS, 1, "criticOfSample")]}]),
    # a critic that also reads the class, with a ramp as the weight of its term
    "adversarial-conditional": dict(
        input=[9], classes=3, encoder=layers((6, "tanh"), (3, "identity")),
        decoder=[BESIDE, *layers((6, "tanh"), (9, "sigmoid"))],
        parts=[dict(part, reads=[part["reads"], "label"]) for part in PARTS],
        phases=[*ADVERSARIAL[:2], dict(ADVERSARIAL[2], minimise=[critic(LOGITS, 1, weight=ramp(0, 2))])],
        loss=loss(BCE), optimizer=ADAM),
}  # fmt: skip

# vector quantization
CODEBOOKS = {
    "vq": dict(
        input=[4, 4, 1], encoder=[conv(4, "tanh", stride=2), conv(3, "identity", size=1)],
        latent={"codebook": {"codes": 3, "commitment": 0.5, "decay": 0.8, "restart": 0.25}},
        decoder=[conv(3, "tanh", size=2, kind="convTranspose2D", stride=2), conv(1, "sigmoid")],
        loss=loss(MSE), optimizer=ADAM),
    # vectors of examples, and more codes than a batch has vectors
    "vq-sum": dict(
        input=[9], encoder=layers((6, "tanh"), (3, "identity")),
        latent={"codebook": {"codes": 7, "commitment": 0.25, "decay": 0.8, "restart": 0.1, "epsilon": 0.01}},
        decoder=layers((6, "tanh"), (9, "sigmoid")), loss=loss(BCE, "sum"), optimizer=SGD),
}  # fmt: skip

RUNS = {**NETWORKS, **IMAGES, **REGULARIZED, **UPDATES, **SEQUENCES, **PHASES, **CODEBOOKS}
