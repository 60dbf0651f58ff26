using Freeway.Gateway.Inference.Metering;

namespace Freeway.Gateway.Tests.Inference.Metering;

/// <summary>How often a learned estimate is too low, measured on models whose tokens differ from the counted ones as models' do.</summary>
public sealed class TokenEstimatorAccuracyTests
{
    private const int Learned = 1000;
    private const int Measured = 10_000;

    /// <summary>A model's own tokens for each that was counted: one language; prose and code; one language now and then among another.</summary>
    public static TheoryData<string, Func<Random, double>> Models => new()
    {
        { "all alike", _ => 1.1 },
        { "prose", random => 0.95 + (0.2 * random.NextDouble()) },
        { "prose and code", random => 0.9 + (0.6 * random.NextDouble()) },
        { "one in ten dense", random => random.Next(10) is 0 ? 1.8 : 1 },
        { "half and half", random => random.Next(2) is 0 ? 1.7 : 1 },
        { "bell-shaped", random => Math.Clamp(1.2 + (0.1 * Bell(random)), 0.5, 2) },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void ByCount_AfterLearning_IsTooLowForFewerThanThreePercent(string models, Func<Random, double> factor)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (random, estimator, low, over) = (new Random(seed), new TokenEstimator(), 0, 0.0);
            for (var request = 0; request < Learned + Measured; request++)
            {
                var counted = (long)Math.Exp(3 + (6 * random.NextDouble())); // 20 to 8,000 tokens
                var tokens = Math.Max(1, (long)Math.Round(counted * factor(random)));
                var estimate = estimator.ByCount("acme", "m", counted, 0, 1_000_000);
                low += request >= Learned && tokens > estimate ? 1 : 0;
                over += request >= Learned ? (double)(estimate - TokenEstimator.TemplateTokens) / tokens : 0;
                estimator.Learn("acme", "m", counted, tokens);
            }

            (100.0 * low / Measured).ShouldBeLessThan(3, $"{models}, seed {seed}");
            (over / Measured).ShouldBeLessThan(1.75, $"{models}, seed {seed}: reserved on average, for each token used");
        }
    }

    private static double Bell(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
}
