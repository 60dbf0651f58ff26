using Freeway.Gateway.Api;
using Freeway.Gateway.Core;
using Freeway.Gateway.Operations.Alarms;
using Freeway.Gateway.Tests.Telemetry;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Api;

public sealed class ReadinessTests
{
    private readonly ManualTime _clock = new();
    private readonly ScriptedProbe _probe = new();

    [Fact]
    public async Task Check_AskedByHundreds_ProbesOnceAMinuteWhileAllIsWell()
    {
        var readiness = Readiness();

        var cards = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => readiness.CheckAsync(CancellationToken.None)));
        _clock.Advance(TimeSpan.FromSeconds(59));
        await readiness.CheckAsync(CancellationToken.None);

        cards.ShouldAllBe(card => card.Status == "ok" && card.IsReady);
        _probe.Asked.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await readiness.CheckAsync(CancellationToken.None);
        _probe.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task Check_OfWhatDoesNotAnswer_IsAskedAgainSoon()
    {
        var readiness = Readiness();
        _probe.Fault = "it does not answer";
        (await readiness.CheckAsync(CancellationToken.None)).Checks["thing"].ShouldBe("it does not answer");

        _probe.Fault = null;
        _clock.Advance(TimeSpan.FromSeconds(4));
        (await readiness.CheckAsync(CancellationToken.None)).Status.ShouldBe("unavailable");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await readiness.CheckAsync(CancellationToken.None)).Status.ShouldBe("ok");
    }

    /// <summary>A broker that hung took all instances out of rotation although they served on: R7.</summary>
    [Fact]
    public async Task Check_OfWhatItServesOnWithout_DegradesAndKeepsNobodyWaiting()
    {
        _probe.IsRequired = false;
        _probe.Hung = true;
        var asked = Readiness().CheckAsync(CancellationToken.None);
        await _clock.ArmedAsync(TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(2));

        var card = await asked;
        (card.Status, card.IsReady, card.Checks["thing"]).ShouldBe(("degraded", true, "no answer in time"));
    }

    [Fact]
    public async Task Check_OfWhatIsInDoubt_IsAskedAgainSoon()
    {
        var readiness = Readiness();
        await readiness.CheckAsync(CancellationToken.None);

        (_probe.IsDoubtful, _probe.Fault) = (true, "it does not answer");
        _clock.Advance(TimeSpan.FromSeconds(5));

        (await readiness.CheckAsync(CancellationToken.None)).IsReady.ShouldBeFalse();
    }

    [Fact]
    public async Task Alarm_AloneOrBesideAFault_DegradesAndNoMore()
    {
        var alarm = new Telemetry.ScriptedAlarm("one", _ => Task.FromResult<AlarmStatus?>(new AlarmStatus(null, "bad")));
        var readiness = Readiness(alarm);

        var card = await readiness.CheckAsync(CancellationToken.None);
        (card.Status, card.IsReady).ShouldBe(("degraded", true));
        card.Alarms.ShouldHaveSingleItem().ShouldBe(new AlarmResponse("one", _clock.GetUtcNow(), "bad", "Look at it."));

        _probe.Fault = "it does not answer";
        _clock.Advance(TimeSpan.FromMinutes(1));
        card = await readiness.CheckAsync(CancellationToken.None);
        (card.Status, card.IsReady, card.Alarms.Count).ShouldBe(("unavailable", false, 1));
    }

    private Readiness Readiness(params IAlarm[] alarms) => new([_probe], new AlarmBoard(alarms, _clock, NullLogger<AlarmBoard>.Instance), _clock);

    private sealed class ScriptedProbe : IReadinessProbe
    {
        private int _asked;

        public string Name => "thing";

        public bool IsDoubtful { get; set; }

        public bool IsRequired { get; set; } = true;

        public string? Fault { get; set; }

        public bool Hung { get; set; }

        public int Asked => _asked;

        public Task ProbeAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _asked);
            return Hung ? Silence.KeepAsync(cancellation) : Fault is null ? Task.CompletedTask : Task.FromException(new IOException(Fault));
        }
    }
}
