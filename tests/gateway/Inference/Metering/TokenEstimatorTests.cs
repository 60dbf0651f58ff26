using Freeway.Gateway.Inference.Metering;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Gateway.Tests.Inference.Metering;

public sealed class TokenEstimatorTests
{
    private const long Context = 128_000;
    private const string Acme = "acme";
    private const string Model = "demo/echo";

    private readonly TokenEstimator _estimator = new();

    [Theory]
    [InlineData(300, 0, 100 + 16)] // three bytes per token and a template
    [InlineData(301, 0, 101 + 16)] // rounded up
    [InlineData(300, 2, 100 + 16 + (2 * 1445))] // images apart
    [InlineData(0, 0, 1 + 16)]
    [InlineData(-5, -5, 1 + 16)]
    [InlineData(long.MaxValue, int.MaxValue, Context)]
    public void ByBytes_IsAThirdOfTheBytes(long bytes, int images, long tokens) =>
        TokenEstimator.ByBytes(bytes, images, Context).ShouldBe(tokens);

    [Theory]
    [InlineData(800, 0, 900 + 16)]
    [InlineData(1, 0, 2 + 16)] // rounded up
    [InlineData(800, 1, 900 + 16 + 1445)]
    [InlineData(0, 0, 2 + 16)]
    [InlineData(long.MaxValue, int.MaxValue, Context)]
    public void ByCount_NothingLearned_IsAnEighthMore(long counted, int images, long tokens) =>
        _estimator.ByCount(Acme, Model, counted, images, Context).ShouldBe(tokens);

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Estimate_SmallContext_IsNotMoreThanItAndNeverNothing(long context, long tokens)
    {
        TokenEstimator.ByBytes(300, 3, context).ShouldBe(tokens);
        _estimator.ByCount(Acme, Model, 300, 3, context).ShouldBe(tokens);
    }

    [Fact]
    public void ByCount_AnythingWasReported_StaysInTheBand() =>
        Prop.ForAll(Anything().Two().ListOf().ToArbitrary(), Gen.Choose(1, 60_000).ToArbitrary(), (reports, counted) =>
        {
            var estimator = new TokenEstimator();
            foreach (var (of, reported) in reports)
            {
                estimator.Learn(Acme, Model, of, reported);
            }

            var tokens = estimator.ByCount(Acme, Model, counted, 0, Context) - TokenEstimator.TemplateTokens;

            tokens.ShouldBeInRange(
                (long)(counted * TokenEstimator.LeastFactor), (long)Math.Ceiling(counted * TokenEstimator.MostFactor));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Learn_OneReport_MovesTheEstimateByTheLongestStepAtMost() =>
        Prop.ForAll(Gen.Choose(1, 4000).Two().ListOf().ToArbitrary(), Anything().Two().ToArbitrary(), (usual, weird) =>
        {
            var estimator = new TokenEstimator();
            foreach (var (counted, reported) in usual)
            {
                estimator.Learn(Acme, Model, counted, reported);
            }

            var before = estimator.ByCount(Acme, Model, 16_000, 0, Context);

            estimator.Learn(Acme, Model, weird.Item1, weird.Item2);

            var moved = Math.Abs(estimator.ByCount(Acme, Model, 16_000, 0, Context) - before);
            moved.ShouldBeLessThanOrEqualTo(1001, "a sixteenth");
        }).QuickCheckThrowOnFailure();

    /// <summary>F7: one organisation's odd prompts raised another's estimates from 3,140 to 6,949.</summary>
    [Fact]
    public void Learn_FromOneOrganisation_ChangesNothingForAnother()
    {
        var before = _estimator.ByCount("other", Model, 3000, 0, Context);

        for (var report = 0; report < 1000; report++)
        {
            _estimator.Learn(Acme, Model, 1000, 9000);
        }

        _estimator.ByCount("other", Model, 3000, 0, Context).ShouldBe(before);
        _estimator.ByCount(Acme, "another/model", 3000, 0, Context).ShouldBe(before);
        _estimator.ByCount(Acme, Model, 3000, 0, Context).ShouldBe(6000 + TokenEstimator.TemplateTokens);
    }

    [Theory]
    [InlineData(100, 0, 0)]
    [InlineData(100, -7, 0)]
    [InlineData(0, 100, 0)]
    [InlineData(100, 100, 1)] // of an image's tokens, not the text's
    public void Learn_ReportThatSaysNothingOfText_ChangesNothing(long counted, long reported, int images)
    {
        for (var report = 0; report < 100; report++)
        {
            _estimator.Learn(Acme, Model, counted, reported, images);
        }

        _estimator.ByCount(Acme, Model, 800, 0, Context).ShouldBe(900 + TokenEstimator.TemplateTokens);
    }

    [Theory]
    [InlineData(3.0, 6000, 6000)] // denser than is believed
    [InlineData(1.5, 4500, 4700)]
    [InlineData(1.0, 3000, 3200)]
    [InlineData(0.5, 2250, 2250)] // thinner than is believed
    public void Learn_AModelsPromptsAreAlike_EstimatesThemCloselyAndNotTooLow(double factor, long least, long most)
    {
        for (var report = 0; report < 600; report++)
        {
            _estimator.Learn(Acme, Model, 2000 + report, 16 + (long)Math.Ceiling((2000 + report) * factor));
        }

        (_estimator.ByCount(Acme, Model, 3000, 0, Context) - TokenEstimator.TemplateTokens).ShouldBeInRange(least, most);
    }

    [Fact]
    public void Learn_MoreThanAreKept_EstimatesTheRestAsAtTheStart()
    {
        for (var model = 0; model <= TokenEstimator.MostLearned; model++)
        {
            _estimator.Learn(Acme, $"m{model}", 1000, 3000);
        }

        var last = TokenEstimator.MostLearned - 1;
        _estimator.ByCount(Acme, $"m{last}", 800, 0, Context).ShouldBeGreaterThan(916);
        _estimator.ByCount(Acme, $"m{last + 1}", 800, 0, Context).ShouldBe(916);
    }

    [Fact]
    public void Learn_FromManyThreads_LosesNoReport()
    {
        var alone = new TokenEstimator();
        for (var report = 0; report < 10; report++)
        {
            alone.Learn(Acme, Model, 1000, 1900);
        }

        Parallel.For(0, 10, _ => _estimator.Learn(Acme, Model, 1000, 1900));

        _estimator.ByCount(Acme, Model, 50_000, 0, Context).ShouldBe(alone.ByCount(Acme, Model, 50_000, 0, Context));
    }

    private static Gen<long> Anything() => Gen.OneOf(
        Gen.Choose(1, 100_000).Select(value => (long)value),
        Gen.Elements(long.MinValue, -1L, 0, 1, 2, 63, 1_000_000_000, long.MaxValue));
}
