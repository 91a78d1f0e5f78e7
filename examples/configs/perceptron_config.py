"""The numbers of the perceptron experiment: which of the team's perceptrons it trains, and how good it must be."""

#: The size that is trained unless another one is asked for; `team.configs.SIZES` has them all.
SIZE = "base"

#: The share of samples that the trained perceptron must tell apart.
MINIMUM_ACCURACY = 0.9
