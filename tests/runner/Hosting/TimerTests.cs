using Freeway.Runner.Hosting;
using Freeway.Runner.Hosting.Settings;
using Freeway.Runner.Tests.Broker;
using Freeway.Runner.Tests.Hosting.Samples;
using ManualTime = Freeway.Tests.Shared.ManualTime;

namespace Freeway.Runner.Tests.Hosting;

/// <summary>The clock starts at noon of May 29.</summary>
public sealed class TimerTests : IDisposable
{
    private static readonly TimeSpan HalfADay = TimeSpan.FromHours(12);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Timer_AtItsMoment_FiresOnceAndAgainADayLater()
    {
        await using var app = await StartAsync();

        await AdvanceAsync(HalfADay - TimeSpan.FromSeconds(1), until: HalfADay);
        app.Notebook.IsEmpty.ShouldBeTrue();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        (await app.Notebook.NextAsync()).ShouldBe("05-30 00:00:00 on time");
        await AdvanceAsync(HalfADay + HalfADay);
        (await app.Notebook.NextAsync()).ShouldBe("05-31 00:00:00 on time");
        app.Notebook.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Timer_MissedWhileNothingRan_RunsOnceAsPastDue()
    {
        await using (await StartAsync())
        {
        }

        _time.Advance(TimeSpan.FromDays(3));
        await using (var app = await StartAsync())
        {
            (await app.Notebook.NextAsync()).ShouldBe("06-01 12:00:00 past due");
            await AdvanceAsync(HalfADay);
            (await app.Notebook.NextAsync()).ShouldBe("06-02 00:00:00 on time");
            app.Notebook.IsEmpty.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Timer_StartedForTheFirstTime_OwesNothing()
    {
        await using var app = await StartAsync();

        await RunOfTheHost(app);
        app.Notebook.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Timer_WhoseScheduleChanged_DropsWhatItMissed()
    {
        await using (await StartAsync())
        {
        }

        _time.Advance(TimeSpan.FromDays(3));
        await using var app = await StartAsync("0 0 1 * * *");

        await AdvanceAsync(TimeSpan.FromHours(13));
        (await app.Notebook.NextAsync()).ShouldBe("06-02 01:00:00 on time");
        app.Notebook.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Timer_ThatThrows_KeepsItsSchedule()
    {
        var notebook = new Notebook { FailuresToCome = 1 };
        await using var app = await StartAsync(notebook: notebook);

        await AdvanceAsync(HalfADay);
        await app.Notebook.NextAsync();
        await AdvanceAsync(HalfADay + HalfADay);
        (await app.Notebook.NextAsync()).ShouldBe("05-31 00:00:00 on time");
        app.Log.Lines.ShouldContain(line => line.StartsWith("Midnight failed"));
    }

    [Fact]
    public async Task Timer_ThatOutlastsItsInterval_NeverOverlapsAndIsFollowedByOneRun()
    {
        await using var app = await SampleApp.StartAsync<SlowTimerSample>(Options("unused"));
        (await app.Notebook.NextAsync()).ShouldBe("begins");

        _time.Advance(TimeSpan.FromMinutes(5));
        app.Notebook.IsEmpty.ShouldBeTrue();
        app.Notebook.Release();

        foreach (var line in new[] { "ends", "begins", "ends" })
        {
            (await app.Notebook.NextAsync()).ShouldBe(line);
        }

        await RunOfTheHost(app);
        app.Notebook.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Timer_UnderWayAtAStop_IsWaitedFor()
    {
        await using var app = await SampleApp.StartAsync<SlowTimerSample>(Options("unused"));
        (await app.Notebook.NextAsync()).ShouldBe("begins");

        var stop = app.Host.StopAsync();
        stop.IsCompleted.ShouldBeFalse();
        app.Notebook.Release();
        await stop;

        (await app.Notebook.NextAsync()).ShouldBe("ends");
    }

    [Fact]
    public async Task Timer_RunNow_RunsApartFromItsScheduleAndThrowsWhatItThrows()
    {
        var notebook = new Notebook { FailuresToCome = 1 };
        await using var app = await SampleApp.StartAsync<TimerSamples>(
            options => Options("0 0 0 * * *")(options) with { RunTimers = false }, notebook);

        await Should.ThrowAsync<InvalidOperationException>(app.Host.RunTimerAsync("midnight"));
        await app.Host.RunTimerAsync("Midnight");
        await Should.ThrowAsync<ArgumentException>(() => app.Host.RunTimerAsync("Noon"));

        (await app.Notebook.NextAsync()).ShouldBe("05-29 12:00:00 on time");
    }

    [Fact]
    public async Task Timer_RunByTheAdminsRequest_NeedsTheMasterKey()
    {
        await using var app = await StartAsync();

        (await app.Client.PostAsync("/admin/functions/Midnight", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        app.Notebook.IsEmpty.ShouldBeTrue();
        (await app.Client.PostAsync($"/admin/functions/Midnight?code={SampleApp.MasterKey}", null))
            .StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        (await app.Notebook.NextAsync()).ShouldBe("05-29 12:00:00 on time");
        (await app.Client.PostAsync($"/admin/functions/Noon?code={SampleApp.MasterKey}", null))
            .StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Schedule_ThatIsNone_KeepsTheHostFromStarting() =>
        (await Should.ThrowAsync<FunctionBindingException>(() => StartAsync("0 0 24 * * *"))).Message.ShouldContain("no NCRONTAB expression");

    [Fact]
    public async Task Schedule_WhoseSettingIsMissing_KeepsTheHostFromStarting() =>
        (await Should.ThrowAsync<FunctionBindingException>(() => SampleApp.StartAsync<TimerSamples>()))
            .Message.ShouldBe("Midnight: the setting %MidnightSchedule% is missing");

    private Task<SampleApp> StartAsync(string schedule = "0 0 0 * * *", Notebook? notebook = null) =>
        SampleApp.StartAsync<TimerSamples>(Options(schedule), notebook);

    private Func<FunctionAppOptions, FunctionAppOptions> Options(string schedule) => options => options with
    {
        DataFolder = _folder.Path,
        TimeProvider = _time,
        Configuration = SampleApp.Settings(("MidnightSchedule", schedule)),
    };

    /// <summary>Moves the clock once the timer waits for its next moment, which is this far away.</summary>
    private async Task AdvanceAsync(TimeSpan by, TimeSpan? until = null)
    {
        await _time.ArmedAsync(until ?? by);
        _time.Advance(by);
    }

    /// <summary>A stop lets everything that was begun come to its end.</summary>
    private static Task RunOfTheHost(SampleApp app) => app.Host.StopAsync();
}
