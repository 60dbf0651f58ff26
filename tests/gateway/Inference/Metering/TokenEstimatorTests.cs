using Freeway.Gateway.Inference.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Metering;

public sealed class TokenEstimatorTests
{
    private const long Context = 128_000;
    private const string Model = "demo/echo";

    private readonly TokenEstimator _estimator = new();

    [Theory]
    [InlineData(300, 0, 100 + 16)] // three bytes per token and a template
    [InlineData(301, 0, 101 + 16)] // rounded up
    [InlineData(300, 2, 100 + 16 + (2 * 1445))] // images apart
    [InlineData(0, 0, 1 + 16)]
    [InlineData(-5, -5, 1 + 16)]
    [InlineData(long.MaxValue, int.MaxValue, Context)]
    public void Prompt_NothingLearned_IsAThirdOfTheBytes(long bytes, int images, long tokens) =>
        _estimator.Prompt(Model, bytes, images, Context).ShouldBe(tokens);

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Prompt_SmallContext_IsNotMoreThanItAndNeverNothing(long context, long tokens) =>
        _estimator.Prompt(Model, 300, 3, context).ShouldBe(tokens);

    [Fact]
    public void Prompt_AnythingWasReported_KeepsToItsBounds() =>
        Prop.ForAll(
            Anything().Two().ListOf().ToArbitrary(), Anything().ToArbitrary(), Gen.Choose(0, 10).ToArbitrary(), (reports, bytes, images) =>
            {
                var estimator = new TokenEstimator();
                foreach (var (promptBytes, promptTokens) in reports)
                {
                    estimator.Learn(Model, promptBytes, promptTokens);
                }

                var tokens = estimator.Prompt(Model, bytes, images, Context);

                tokens.ShouldBeInRange(1, Context);
                // The stated bound: the densest prompt there can be exceeds it by the factor 4 at most.
                var densest = Math.Min(Math.Max(1, (decimal)bytes) + TokenEstimator.TemplateTokens, Context);
                densest.ShouldBeLessThanOrEqualTo((decimal)tokens * TokenEstimator.MostBytesPerToken);
                // And it is no wild guess: never above a token per byte.
                ((decimal)tokens).ShouldBeLessThanOrEqualTo(densest + ((decimal)images * TokenEstimator.ImageTokens));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Learn_OneReport_MovesTheEstimateByTheLongestStepAtMost() =>
        Prop.ForAll(Gen.Choose(1, 4000).Two().ListOf().ToArbitrary(), Anything().Two().ToArbitrary(), (usual, weird) =>
        {
            var estimator = new TokenEstimator();
            foreach (var (bytes, tokens) in usual)
            {
                estimator.Learn(Model, bytes, tokens);
            }

            var before = estimator.Prompt(Model, 100_000, 0, Context);

            estimator.Learn(Model, weird.Item1, weird.Item2);

            Math.Abs(estimator.Prompt(Model, 100_000, 0, Context) - before).ShouldBeLessThanOrEqualTo(3126); // 1/32 token per byte
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(100, 0, 0)]
    [InlineData(100, -7, 0)]
    [InlineData(0, 100, 0)]
    [InlineData(100, 100, 1)] // of an image's tokens, not the text's
    public void Learn_ReportThatSaysNothingOfText_ChangesNothing(long bytes, long tokens, int images)
    {
        for (var report = 0; report < 100; report++)
        {
            _estimator.Learn(Model, bytes, tokens, images);
        }

        _estimator.Prompt(Model, 3000, 0, Context).ShouldBe(1000 + TokenEstimator.TemplateTokens);
    }

    [Theory]
    [InlineData(1.0, 3000, 3000)] // a token to each byte
    [InlineData(1.6, 1875, 1970)]
    [InlineData(2.5, 1200, 1300)]
    [InlineData(4.0, 750, 845)]
    [InlineData(9.0, 750, 750)] // thinner than is believed
    public void Learn_AModelsPromptsAreAlike_EstimatesThemCloselyAndNotTooLow(double bytesPerToken, long least, long most)
    {
        for (var report = 0; report < 300; report++)
        {
            _estimator.Learn(Model, 2000 + report, (long)Math.Ceiling((2000 + report) / bytesPerToken));
        }

        (_estimator.Prompt(Model, 3000, 0, Context) - TokenEstimator.TemplateTokens).ShouldBeInRange(least, most);
        _estimator.Prompt("another", 3000, 0, Context).ShouldBe(1000 + TokenEstimator.TemplateTokens);
    }

    [Fact]
    public void Learn_MoreModelsThanAreKept_EstimatesTheRestAsAtTheStart()
    {
        for (var report = 0; report < 50; report++)
        {
            for (var model = 0; model <= TokenEstimator.MostModels; model++)
            {
                _estimator.Learn($"m{model}", 1000, 1000);
            }
        }

        _estimator.Prompt("m0", 3000, 0, Context).ShouldBeGreaterThan(2000);
        _estimator.Prompt($"m{TokenEstimator.MostModels - 1}", 3000, 0, Context).ShouldBeGreaterThan(2000);
        _estimator.Prompt($"m{TokenEstimator.MostModels}", 3000, 0, Context).ShouldBe(1000 + TokenEstimator.TemplateTokens);
    }

    [Fact]
    public void Learn_FromManyThreads_LosesNoReport()
    {
        var alone = new TokenEstimator();
        for (var report = 0; report < 40; report++)
        {
            alone.Learn(Model, 1000, 900);
        }

        Parallel.For(0, 40, _ => _estimator.Learn(Model, 1000, 900));

        _estimator.Prompt(Model, 100_000, 0, Context).ShouldBe(alone.Prompt(Model, 100_000, 0, Context));
    }

    private static Gen<long> Anything() => Gen.OneOf(
        Gen.Choose(1, 100_000).Select(value => (long)value),
        Gen.Elements(long.MinValue, -1L, 0, 1, 2, 63, 1_000_000_000, long.MaxValue));
}
