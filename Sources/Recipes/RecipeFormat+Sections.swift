import enum Datasets.ImageFit
import Graphs
import Layers

extension RecipeFormat {
  private static let whole = "whole number from 1"
  private static let wholeOrInput = "whole number from 1, or input"
  private static let initializer = "initializer"
  private static let activation = Field.optional(
    "activation", "activation", "identity", "")
  private static let initializers = [
    Field.absent(
      "initializer", initializer, "initial weights", "the recipe's"),
    Field.absent(
      "biasInitializer", initializer, "initial biases", "the recipe's"),
  ]
  private static let window = [
    Field.required("size", whole, "width of the square window")
  ]
  private static let padding = Field.optional(
    "padding", "same, valid", "same", "zeros around the image, or none")
  private static let convolution =
    [Field.required("filters", wholeOrInput, "output channels")] + window
    + [Field.optional("stride", whole, "1", "step of the window, in pixels"), padding, activation]
    + initializers
  private static let pool =
    window + [.absent("stride", whole, "step of the window, in pixels", "its size"), padding]
  private static let stepWindow = [Field.required("size", whole, "steps in a window")]
  private static let stepPadding = Field.optional(
    "padding", "same, valid", "same", "zeros before and after the sequence, or none")
  private static let convolution1D =
    [Field.required("filters", wholeOrInput, "output channels")] + stepWindow
    + [
      .optional("stride", whole, "1", "steps from one window to the next"), stepPadding, activation,
    ] + initializers
  private static let pool1D =
    stepWindow + [
      .absent("stride", whole, "steps from one window to the next", "its size"), stepPadding,
    ]
  private static let recurrent =
    [
      Field.required("units", whole, "size of the state"),
      .optional("returnSequences", "true or false", "false", "all states, or the last one"),
      .optional(
        "recurrentInitializer", initializer, "orthogonal",
        "initial weights of the state of the step before"),
    ] + initializers
  private static let kernel = [
    Field.optional(
      "kernel", "gaussian, inverseMultiquadratic", "gaussian",
      "e^(−d²/2L), or ΣC·s/(C·s + d²) over seven scales s, with C = 2L")
  ]
  private static let adam = [
    Field.required("learningRate", "number from 0", ""),
    .optional("beta1", "number from 0 to below 1", "0.9", "decay rate of the first moment"),
    .optional("beta2", "number from 0 to below 1", "0.999", "decay rate of the second moment"),
    .optional("epsilon", "number above 0", "1e-8", "added to the denominator"),
  ]

  package static let sections: [Section] = [
    Section(
      path: "", summary: "the whole file.",
      fields: [
        .required("name", "text", "names the run folders"),
        .absent("data", "name, path or mapping", "training data; see data", "--data"),
        .absent(
          "input", "list of sizes, or data",
          "[784], [steps, channels] or [height, width, channels]",
          "the data's shape"),
        .absent(
          "classes", whole,
          "how many classes there are, where layers read an example's: labels 0, 1, …"),
        .optional(
          "normalization", names(Recipe.Preparation.self), "unit",
          "unit: bytes / 255; mean: minus the mean; standard: mean 0, variance 1"),
        .absent(
          "corruption", "gaussian or masking", "noise on the network's input; see corruption"),
        .optional(
          "initializer", initializer, "glorotUniform", "initial weights"),
        .optional("biasInitializer", initializer, "zeros", "initial biases"),
        .required("encoder", "list of layers", ""),
        .absent("latent", "variational", "a random code; see latent.variational"),
        .required("decoder", "list of layers", "must end with the input's shape"),
        .required("loss", "mapping", "see loss"),
        .required("optimizer", "adam, adamW, rmsProp or sgd", "see optimizer"),
        .absent("schedule", "mapping", "learning rate schedule; see schedule"),
        .absent("clipping", "{norm: 1} or {value: 0.5}", "gradient clipping"),
        .required("batchSize", whole, "examples per update"),
        .required("epochs", whole, "passes over the training data"),
        .optional("seed", "whole number from 0", "1", "random seed"),
        .optional("shuffle", "true or false", "true", "shuffle the training data each epoch"),
        .absent("limit", whole, "train on the first examples only", "all"),
        .optional(
          "validation", "test, none, fraction, {last: fraction}, name or path", "test",
          "validation data; a fraction of the training data is drawn by the seed, class by class"),
        .absent("earlyStopping", "mapping", "see earlyStopping"),
        .optional("pictures", "mapping", "{}", "see pictures"),
        .optional("checkpoints", "mapping", "{}", "see checkpoints"),
        .absent("freeze", "list of encoder, decoder", "parts that keep their initial weights"),
        .optional(
          "prior", names(Model.Prior.self), "normal",
          "what codes are drawn from; the others are densities of two numbers"),
        .absent("parts", "list", "what there is beside encoder and decoder; see parts.0"),
        .absent(
          "phases", "list", "the updates of a training step; see phases.0",
          "one, of all weights"),
      ]),
    Section(
      path: "parts.0",
      summary: "what is computed beside encoder and decoder, in the order of the weights.",
      fields: [
        .required("name", "text", "a name of letters"),
        .required(
          "reads", names(ModelTensor.self) + ", or a part before it",
          "one, or a list whose columns stand side by side"),
        .absent("layers", "list of layers", "as an encoder's", "required, but where it shares"),
        .absent(
          "shares", "name", "a part, or decoder, whose layers and weights are its own, too"),
      ]),
    Section(
      path: "phases.0",
      summary:
        "an update of a training step; what the first minimises is reported as the loss, each "
        + "reads what those before have moved.",
      fields: [
        .required("name", "text", "under which its value is reported"),
        .required(
          "minimise", "list of loss, kl, errors and mmd of tensors", "see phases.0.minimise.0"),
        .required("moves", "list of encoder, decoder and parts", "side by side"),
        .absent("optimizer", "adam, adamW, rmsProp or sgd", "see optimizer", "the recipe's"),
        .absent("clipping", "{norm: 1} or {value: 0.5}", "gradient clipping", "the recipe's"),
        .absent(
          "when", "{phase: name, above: 0.3, below: 1}",
          "moves only in steps where that phase, or this one, has lost so much", "always"),
      ]),
    Section(
      path: "phases.0.minimise.0.squaredError",
      summary: "one of the errors, added up within an example, its mean over the batch.",
      fields: [
        .required("of", names(ModelTensor.self) + ", or a part", ""),
        .required("against", "a tensor likewise, or a number", ""),
        .optional("weight", "ramp, below 0 too", "1", ""),
      ]),
    Section(
      path: "phases.0.minimise.0.mmd",
      summary: "maximum mean discrepancy of a batch from another.",
      fields: [
        .required("of", names(ModelTensor.self) + ", or a part", ""),
        .required("against", "a tensor likewise", ""),
        .optional("weight", "ramp, below 0 too", "1", ""),
      ] + kernel),
    Section(
      path: "data", summary: "a name of `aegpu data list`, a path, or a mapping of these.",
      fields: [
        .absent(
          "path", "name or path",
          "IDX files, images or CSV files in a folder, an image, .npy, .npz, .csv, .tsv, logs/*.csv",
          "--data"),
        .absent(
          "header", "true or false", "CSV: the first line names the columns",
          "true, and numbers are refused"),
        .absent(
          "separator", "one ASCII character, or tab", "CSV: field separator", "as the lines show"),
        .absent("decimal", "'.' or ','", "CSV: decimal sign", "as the numbers show"),
        .absent(
          "columns", "list of names or numbers", "CSV: the features", "all but label and ignore"),
        .absent("label", "name or number", "CSV: the column of classes; .npz: the array of labels"),
        .absent("ignore", "list of names or numbers", "CSV: columns that are left out"),
        .absent(
          "missing", "mean or mask",
          "CSV: missing values become the column's mean, or are left out of the loss", "an error"),
        .absent(
          "shape", "[height, width, 1 or 3]", "images are brought to it",
          "the input's"),
        .optional(
          "fit", names(ImageFit.self), "squash", "images: what becomes of other proportions"),
        .absent(
          "array", "name", ".npz: the array of examples, as in file.npz:name", "x_train, x, …"),
        .absent("test", "name or path", "other data, whose training examples are the test ones"),
        .absent(
          "window", whole, "a series: examples are windows of so many rows, [rows, columns]",
          "a row is an example"),
        .optional("stride", whole, "1", "rows from the beginning of a window to that of the next"),
        .absent(
          "time", "name or number", "CSV: the column of times; no window goes across a gap in it"),
      ]),
    Section(
      path: "corruption.gaussian", summary: "Gaussian noise, new in each step.",
      fields: [
        .optional("mean", "number", "0", ""), .required("deviation", "ramp", ""),
        .optional("clip", "true or false", "true", "clip the result to [0, 1]"),
      ]),
    Section(
      path: "corruption.masking",
      summary: "masking noise: a random share of the values is set to 0.",
      fields: [.required("rate", "number from 0 to below 1", "share of the values")]),
    Section(
      path: "encoder.0.dense",
      summary: "fully connected layer; of [steps, channels], the same at each step.",
      fields: [.required("units", wholeOrInput, ""), activation] + initializers),
    Section(
      path: "decoder.0.tiedDense",
      summary: "transposed weights of the matching encoder layer, with its own biases.",
      fields: [activation, initializers[1]]),
    Section(
      path: "encoder.0.conv2D", summary: "convolution of [height, width, channels].",
      fields: convolution),
    Section(
      path: "encoder.0.convTranspose2D",
      summary: "transposed convolution; stride 2 doubles height and width.",
      fields: convolution),
    Section(path: "encoder.0.maxPool2D", summary: "max pooling.", fields: pool),
    Section(path: "encoder.0.averagePool2D", summary: "average pooling.", fields: pool),
    Section(
      path: "encoder.0.upsample2D", summary: "upsampling of height and width.",
      fields: [
        .required("factor", whole, "factor for height and width"),
        .optional("interpolation", names(Interpolation.self), "nearest", ""),
      ]),
    Section(
      path: "encoder.0.conv1D", summary: "convolution of [steps, channels] over the steps.",
      fields: convolution1D),
    Section(
      path: "encoder.0.convTranspose1D",
      summary: "transposed convolution over the steps; stride 2 makes twice as many.",
      fields: convolution1D),
    Section(
      path: "encoder.0.maxPool1D", summary: "max pooling over the steps.", fields: pool1D),
    Section(
      path: "encoder.0.averagePool1D", summary: "average pooling over the steps.", fields: pool1D),
    Section(
      path: "encoder.0.upsample1D", summary: "each step several times.",
      fields: [.required("factor", whole, "how many times")]),
    Section(
      path: "encoder.0.repeat", summary: "the code at each step: [channels] to [steps, channels].",
      fields: [.required("count", wholeOrInput, "number of steps")]),
    Section(
      path: "encoder.0.lstm", summary: "long short-term memory over [steps, channels].",
      fields: recurrent + [
        .optional(
          "forgetBias", "number", "1", "added to the initial biases of the forget gate")
      ]),
    Section(
      path: "encoder.0.gru", summary: "gated recurrent unit over [steps, channels].",
      fields: recurrent),
    Section(path: "encoder.0.flatten", summary: "one row per example: `flatten: {}`.", fields: []),
    Section(
      path: "encoder.0.reshape", summary: "changes the shape of an example.",
      fields: [.required("shape", "list of sizes, or input", "")]),
    Section(
      path: "encoder.0.dropout", summary: "sets a random share of the values to 0 in training.",
      fields: [.required("rate", "number from 0 to below 1", "share of the values")]),
    Section(
      path: "encoder.0.batchNorm", summary: "batch normalization.",
      fields: [
        .optional(
          "momentum", "number from 0 to below 1", "\(BatchNorm().momentum)",
          "weight of the old running average"),
        .optional("epsilon", "number above 0", "\(BatchNorm().epsilon)", "added to the variance"),
      ]),
    Section(
      path: "encoder.0.gaussianNoise", summary: "Gaussian noise in training.",
      fields: [.required("deviation", "ramp", "")]),
    Section(
      path: "encoder.0.maskingNoise",
      summary: "sets a random share of the values to 0 in training.",
      fields: [.required("rate", "number from 0 to below 1", "share of the values")]),
    Section(
      path: "encoder.0.activation",
      summary: "an activation function by itself: `activation: relu`.",
      fields: []),
    Section(
      path: "encoder.0.concatenate",
      summary: "the class of each example beside its features: `concatenate: label`.",
      fields: []),
    Section(
      path: "encoder.0.penalty",
      summary: "adds a term to the loss, of the activations that come by; they pass as they are.",
      fields: [
        .required("kind", "l1, l2 or sparsity", "Σ|x|, Σx²/2 or KL divergence of mean activations"),
        .required("weight", "ramp", ""),
        .absent("target", "number between 0 and 1", "of sparsity: the wanted mean activation"),
        .absent("name", "text", "under which it is reported", "its kind"),
      ]),
    Section(
      path: "latent.variational",
      summary: "variational code: the encoder gives its mean and log-variance.",
      fields: [
        .required("units", whole, "size of the code"),
        .optional(
          "samples", whole, "1",
          "codes drawn for each example; of several the loss is the importance-weighted bound (IWAE)"
        ),
      ] + initializers),
    Section(
      path: "loss", summary: "training objective.",
      fields: [
        .required("reconstruction", "error", ""),
        .optional(
          "reduction", names(Reduction.self), "mean",
          "mean: per value; batchMean: summed per example; sum: over the batch"),
        .optional(
          "klWeight", "ramp", "1",
          "weight of the KL divergence (beta-VAE); klNats reports it unweighted"),
        .absent(
          "klCapacity", "ramp",
          "nats that a code is to tell: klWeight · |kl − klCapacity| is minimised"),
        .optional("l1", "number from 0", "0", "penalty on the weights, λ·Σ|w|"),
        .optional("l2", "number from 0", "0", "penalty on the weights, λ·Σw²/2"),
        .optional("codeL1", "number from 0", "0", "penalty on the code, λ·Σ|code|"),
        .absent("sparsity", "mapping", "KL sparsity penalty on a sigmoid code; see loss.sparsity"),
        .absent("mmd", "mapping", "discrepancy of codes from the prior; see loss.mmd"),
      ]),
    Section(
      path: "loss.mmd",
      summary: "maximum mean discrepancy of a batch's codes from as many draws of the prior.",
      fields: [.required("weight", "ramp", "")] + kernel),
    Section(
      path: "loss.sparsity",
      summary: "KL divergence between target and mean activation of each code unit.",
      fields: [
        .required("target", "number between 0 and 1", ""), .required("weight", "ramp", ""),
      ]),
    Section(path: "optimizer.adam", summary: "Kingma and Ba, 2015.", fields: adam),
    Section(
      path: "optimizer.adamW", summary: "Adam with decoupled weight decay.",
      fields: adam + [.optional("decay", "number from 0", "0.01", "weight decay")]),
    Section(
      path: "optimizer.rmsProp", summary: "gradient divided by the root of its mean square.",
      fields: [
        adam[0],
        .optional("rho", "number from 0 to below 1", "0.9", "decay rate of the mean square"),
        .optional("momentum", "number from 0 to below 1", "0", ""),
        .optional("epsilon", "number above 0", "1e-7", "added to the denominator"),
      ]),
    Section(
      path: "optimizer.sgd", summary: "gradient descent.",
      fields: [
        adam[0], .optional("momentum", "number from 0 to below 1", "0", ""),
        .optional("nesterov", "true or false", "false", "Nesterov momentum"),
      ]),
    Section(
      path: "schedule", summary: "learning rate schedule.",
      fields: [
        .optional("warmUp", "number from 0", "0", "epochs of linear warm-up from 0"),
        .optional("decay", "constant, step, exponential or cosine", "{constant: {}}", ""),
      ]),
    Section(
      path: "schedule.decay.step", summary: "multiplied by factor every so many epochs.",
      fields: [
        .required("epochs", "number above 0", ""), .required("factor", "number above 0", ""),
      ]
    ),
    Section(
      path: "schedule.decay.exponential", summary: "the same, smoothly: a little each step.",
      fields: [
        .required("epochs", "number above 0", ""), .required("factor", "number above 0", ""),
      ]
    ),
    Section(
      path: "schedule.decay.cosine", summary: "cosine decay.",
      fields: [
        .required("epochs", "number above 0", "epochs until the floor"),
        .optional(
          "floor", "number from 0 to 1", "0", "final learning rate, as a share of the first"),
      ]),
    Section(
      path: "earlyStopping", summary: "stops when the validation loss no longer improves.",
      fields: [
        .required("patience", whole, "epochs without improvement"),
        .optional("minimumDelta", "number from 0", "0", "smallest improvement that counts"),
      ]),
    Section(
      path: "pictures", summary: "images of the run.",
      fields: [
        .optional(
          "style", "style", "pairs",
          "layout of reconstructions and codes"),
        .absent(
          "every", whole, "epochs between pictures; the last is always drawn",
          "epochs 1, 2, 5, 10, 20, 50, …"),
        .optional(
          "reconstructions", "whole number from 0 to 10000", "100", "number of reconstructions"),
        .optional(
          "samples", "whole number from 0 to 10000", "0",
          "number of images decoded from random codes"),
        .absent(
          "corruption", "gaussian or masking", "noise on the images that are reconstructed",
          "the recipe's"),
      ]),
    Section(
      path: "checkpoints", summary: "training states to resume from.",
      fields: [
        .optional("every", whole, "1", "epochs; the last is always kept"),
        .absent("steps", whole, "training steps after which the state is kept, too"),
        .optional("keep", "whole number from 0", "3", "how many of the newest stay"),
      ]),
  ]
}
