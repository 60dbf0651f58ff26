using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Tests.Inference.Metering;

/// <summary>How often a learned estimate is too low, measured on prompts whose densities vary as those of a model's callers may.</summary>
public sealed class TokenEstimatorAccuracyTests
{
    private const int Learned = 500;
    private const int Measured = 10_000;

    /// <summary>Densities in tokens per byte: prose, code, mixed languages; one language now and then among another.</summary>
    public static TheoryData<string, Func<Random, double>> Callers => new()
    {
        { "all alike", _ => 0.27 },
        { "prose", random => 0.22 + (0.06 * random.NextDouble()) },
        { "prose and code", random => 0.22 + (0.25 * random.NextDouble()) },
        { "anything at all", random => 0.2 + (0.8 * random.NextDouble()) },
        { "one in ten dense", random => random.Next(10) is 0 ? 0.5 : 0.25 },
        { "half and half", random => random.Next(2) is 0 ? 0.55 : 0.25 },
        { "bell-shaped", random => Math.Clamp(0.35 + (0.07 * Bell(random)), 0.05, 1) },
    };

    [Theory]
    [MemberData(nameof(Callers))]
    public void Prompt_AfterLearning_IsTooLowForFewerThanThreePercent(string callers, Func<Random, double> density)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (random, estimator, low, over) = (new Random(seed), new TokenEstimator(), 0, 0.0);
            for (var request = 0; request < Learned + Measured; request++)
            {
                var bytes = (long)Math.Exp(4 + (6 * random.NextDouble())); // 55 bytes to 22 kB
                var tokens = Math.Max(1, (long)Math.Round(bytes * density(random)));
                var estimate = estimator.Prompt("m", bytes, 0, 1_000_000);
                low += request >= Learned && tokens > estimate ? 1 : 0;
                over += request >= Learned ? (double)(estimate - TokenEstimator.TemplateTokens) / tokens : 0;
                estimator.Learn("m", bytes, tokens);
            }

            (100.0 * low / Measured).ShouldBeLessThan(3, $"{callers}, seed {seed}");
            (over / Measured).ShouldBeLessThan(2.2, $"{callers}, seed {seed}: reserved on average, for each token used");
        }
    }

    private static double Bell(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
}
