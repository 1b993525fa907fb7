import enum Datasets.ImageFit
import Graphs
import Layers

extension RecipeFormat {
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

  package static let sections = first + LayerFormat.all.map(\.section) + others

  private static let first: [Section] = [
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
          "classes", Field.whole,
          "number of classes, if layers read the class of an example: labels 0, 1, …"),
        .optional(
          "normalization", names(Recipe.Preparation.self), "unit",
          "unit: bytes / 255; mean: minus the mean; standard: mean 0, variance 1"),
        .absent(
          "corruption", "gaussian or masking", "noise on the network's input; see corruption"),
        .optional(
          "initializer", Field.initializer, "glorotUniform", "initial weights"),
        .optional("biasInitializer", Field.initializer, "zeros", "initial biases"),
        .required("encoder", "list of layers", ""),
        .absent(
          "latent", "variational or codebook",
          "a random or a quantised code; see latent.variational, latent.codebook"),
        .required("decoder", "list of layers", "must end with the input's shape"),
        .required("loss", "mapping", "see loss"),
        .required("optimizer", "adam, adamW, rmsProp or sgd", "see optimizer"),
        .absent("schedule", "mapping", "learning rate schedule; see schedule"),
        .absent("clipping", "{norm: 1} or {value: 0.5}", "gradient clipping"),
        .required("batchSize", Field.whole, "examples per update"),
        .required("epochs", Field.whole, "passes over the training data"),
        .optional("seed", "whole number from 0", "1", "random seed"),
        .optional("shuffle", "true or false", "true", "shuffle the training data each epoch"),
        .absent("limit", Field.whole, "train on the first examples only", "all"),
        .optional(
          "validation", "test, none, fraction, {last: fraction}, name or path", "test",
          "validation data; a fraction of the training data is drawn by the seed, stratified by class"
        ),
        .absent("earlyStopping", "mapping", "see earlyStopping"),
        .optional("pictures", "mapping", "{}", "see pictures"),
        .optional("checkpoints", "mapping", "{}", "see checkpoints"),
        .absent("freeze", "list of encoder, decoder", "parts that are not trained"),
        .optional(
          "prior", names(Model.Prior.self), "normal",
          "distribution of the codes; mixture and swissRoll are for codes of two numbers"),
        .absent("parts", "list", "further parts besides encoder and decoder; see parts.0"),
        .absent(
          "phases", "list", "the updates of a training step; see phases.0",
          "one phase that updates all weights"),
      ]),
    Section(
      path: "parts.0",
      summary:
        "a part besides encoder and decoder; parts are listed in the order of their weights.",
      fields: [
        .required("name", "text", "a name of letters"),
        .required(
          "reads", names(ModelTensor.self) + ", or a part before it",
          "input of the part: one, or a list that is concatenated"),
        .absent("layers", "list of layers", "as in the encoder", "required, unless it shares"),
        .absent(
          "shares", "name", "a part, or decoder, whose layers and weights it shares"),
      ]),
    Section(
      path: "phases.0",
      summary:
        "an update within a training step. The loss of the first phase is reported as loss. Each phase "
        + "uses the weights that the phases before it have updated.",
      fields: [
        .required("name", "text", "name of its loss in reports"),
        .required(
          "minimise", "list of loss, kl, errors and mmd of tensors",
          "terms of its loss; see phases.0.minimise.0"),
        .required("moves", "list of encoder, decoder and parts", "the parts that it updates"),
        .absent("optimizer", "adam, adamW, rmsProp or sgd", "see optimizer", "the recipe's"),
        .absent("clipping", "{norm: 1} or {value: 0.5}", "gradient clipping", "the recipe's"),
        .absent(
          "when", "{phase: name, above: 0.3, below: 1}",
          "updates only in steps where the loss of that phase, or of this one, is in this range",
          "always"),
      ]),
    Section(
      path: "phases.0.minimise.0.squaredError",
      summary: "one of the errors, summed over each example, mean over the batch.",
      fields: [
        .required("of", names(ModelTensor.self) + ", or a part", ""),
        .required("against", "a tensor, as for of, or a number", ""),
        .optional("weight", "ramp, below 0 too", "1", ""),
      ]),
    Section(
      path: "phases.0.minimise.0.mmd",
      summary: "maximum mean discrepancy between two batches of vectors.",
      fields: [
        .required("of", names(ModelTensor.self) + ", or a part", ""),
        .required("against", "a tensor, as for of", ""),
        .optional("weight", "ramp, below 0 too", "1", ""),
      ] + kernel),
    Section(
      path: "data", summary: "a name from `aegpu data list`, a path, or a mapping of these.",
      fields: [
        .absent(
          "path", "name or path",
          "IDX files, images or CSV files in a folder, an image, .npy, .npz, .csv, .tsv, logs/*.csv",
          "--data"),
        .absent(
          "header", "true or false", "CSV: the first line names the columns",
          "true; a line of numbers is an error"),
        .absent(
          "separator", "one ASCII character, or tab", "CSV: field separator", "detected"),
        .absent("decimal", "'.' or ','", "CSV: decimal sign", "detected"),
        .absent(
          "columns", "list of names or numbers", "CSV: the features", "all except label and ignore"),
        .absent("label", "name or number", "CSV: the column of classes; .npz: the array of labels"),
        .absent("ignore", "list of names or numbers", "CSV: columns that are left out"),
        .absent(
          "missing", "mean or mask",
          "CSV: mean replaces missing values with the column's mean, mask leaves them out of the loss",
          "an error"),
        .absent(
          "shape", "[height, width, 1 or 3]", "images are resized and converted to it",
          "the input's"),
        .optional(
          "fit", names(ImageFit.self), "squash", "how to resize images of another aspect ratio"),
        .absent(
          "array", "name", ".npz: the array of examples, as in file.npz:name", "x_train, x, …"),
        .absent(
          "test", "name or path", "another data set, whose training examples are the test examples"),
        .absent(
          "window", Field.whole,
          "time series: examples are windows of this many rows, [rows, columns]",
          "an example is one row"),
        .optional(
          "stride", Field.whole, "1", "rows from the start of one window to the start of the next"),
        .absent(
          "time", "name or number", "CSV: the column with times; no window crosses a gap in them"),
      ]),
    Section(
      path: "corruption.gaussian", summary: "Gaussian noise, new in each step.",
      fields: [
        .optional("mean", "number", "0", ""), .required("deviation", "ramp", ""),
        .optional("clip", "true or false", "true", "clip the result to [0, 1]"),
      ]),
    Section(
      path: "corruption.masking",
      summary: "masking noise: a random fraction of the values is set to 0.",
      fields: [.required("rate", "number from 0 to below 1", "fraction of the values")]),
  ]

  private static let others: [Section] = [
    Section(
      path: "latent.variational",
      summary: "variational code: the encoder outputs its mean and log-variance.",
      fields: [
        .required("units", Field.whole, "size of the code"),
        .optional(
          "samples", Field.whole, "1",
          "codes drawn per example; if more than 1, the loss is the importance-weighted bound (IWAE)"
        ),
      ] + Field.initializers),
    Section(
      path: "latent.codebook",
      summary:
        "VQ: each vector of the encoder's output is replaced by the nearest codebook vector.",
      fields: [
        .required("codes", Field.whole, "number of codebook vectors"),
        .optional(
          "commitment", "number from 0", "0.25",
          "weight of the distance between encoder output and codebook"),
        .optional(
          "decay", "number from 0 to below 1", "0.99",
          "weight of the old average in the moving averages that update the codebook"),
        .optional(
          "epsilon", "number above 0", "0.00001", "smoothing of the counts in these averages"),
        .optional(
          "restart", "number from 0 to below 1", "0.05",
          "a codebook vector is reset if its usage falls below this fraction of the average usage"),
      ]),
    Section(
      path: "loss", summary: "training objective.",
      fields: [
        .required("reconstruction", "error", ""),
        .optional(
          "reduction", names(Reduction.self), "mean",
          "mean: per value; batchMean: sum per example, mean over the batch; sum: over the batch"),
        .optional(
          "klWeight", "ramp", "1",
          "weight of the KL divergence (beta-VAE); klNats reports it unweighted"),
        .absent(
          "klCapacity", "ramp",
          "target of the KL divergence in nats: klWeight · |kl − klCapacity| is minimised"),
        .optional("freeBits", "number from 0", "0", "nats per unit that are not penalised"),
        .optional("l1", "number from 0", "0", "penalty on the weights, λ·Σ|w|"),
        .optional("l2", "number from 0", "0", "penalty on the weights, λ·Σw²/2"),
        .optional("codeL1", "number from 0", "0", "penalty on the code, λ·Σ|code|"),
        .absent("sparsity", "mapping", "KL sparsity penalty on a sigmoid code; see loss.sparsity"),
        .absent("mmd", "mapping", "discrepancy between codes and prior; see loss.mmd"),
      ]),
    Section(
      path: "loss.mmd",
      summary: "maximum mean discrepancy between a batch's codes and as many draws of the prior.",
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
      path: "schedule.decay.step", summary: "multiplied by factor every given number of epochs.",
      fields: [
        .required("epochs", "number above 0", ""), .required("factor", "number above 0", ""),
      ]
    ),
    Section(
      path: "schedule.decay.exponential", summary: "the same, but a little in each step.",
      fields: [
        .required("epochs", "number above 0", ""), .required("factor", "number above 0", ""),
      ]
    ),
    Section(
      path: "schedule.decay.cosine", summary: "cosine decay.",
      fields: [
        .required("epochs", "number above 0", "epochs until the floor"),
        .optional(
          "floor", "number from 0 to 1", "0",
          "final learning rate, as a fraction of the initial one"),
      ]),
    Section(
      path: "earlyStopping", summary: "stops when the validation loss no longer improves.",
      fields: [
        .required("patience", Field.whole, "epochs without improvement"),
        .optional("minimumDelta", "number from 0", "0", "smallest improvement that counts"),
      ]),
    Section(
      path: "pictures", summary: "images of the run.",
      fields: [
        .optional(
          "style", "style", "pairs",
          "layout of reconstructions and codes"),
        .absent(
          "every", Field.whole, "epochs between pictures; the last epoch is always drawn",
          "epochs 1, 2, 5, 10, 20, 50, …"),
        .optional(
          "reconstructions", "whole number from 0 to 10000", "100", "number of reconstructions"),
        .optional(
          "samples", "whole number from 0 to 10000", "0",
          "number of images decoded from random codes"),
        .absent(
          "corruption", "gaussian or masking", "noise on the images to reconstruct",
          "the recipe's"),
      ]),
    Section(
      path: "checkpoints", summary: "training states to resume from.",
      fields: [
        .optional("every", Field.whole, "1", "epochs between checkpoints; the last is always kept"),
        .absent("steps", Field.whole, "training steps between further checkpoints"),
        .optional("keep", "whole number from 0", "3", "number of newest checkpoints to keep"),
      ]),
  ]
}
