using System.Diagnostics.Metrics;
using Freeway.Gateway.Core;
using Freeway.Gateway.Operations.Alarms;
using Freeway.Tests.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freeway.Gateway.Tests.Telemetry;

public sealed class AlarmBoardTests
{
    private readonly ManualTime _clock = new();

    [Fact]
    public async Task Board_AskedByHundredsAtOnce_LooksOnceAMinute()
    {
        var alarm = new ScriptedAlarm("one", _ => Sight("bad"));
        var board = Board(alarm);

        var seen = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => board.LookAsync(CancellationToken.None)));
        _clock.Advance(TimeSpan.FromSeconds(59));
        await board.LookAsync(CancellationToken.None);

        alarm.Looks.ShouldBe(1);
        seen.ShouldAllBe(raised => raised.Count == 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await board.LookAsync(CancellationToken.None);
        alarm.Looks.ShouldBe(2);
    }

    [Fact]
    public async Task Alarm_ThatLasts_KeepsItsBeginning_AndEndsWhenAllIsWell()
    {
        AlarmStatus? sight = new(null, "1 of them");
        var board = Board(new ScriptedAlarm("one", _ => Task.FromResult<AlarmStatus?>(sight)));
        var began = _clock.GetUtcNow();

        await board.LookAsync(CancellationToken.None);
        sight = new AlarmStatus(null, "2 of them");
        var raised = await LaterAsync(board);
        raised.ShouldHaveSingleItem().ShouldBe(new RaisedAlarm("one", began, "2 of them", "Look at it."));

        sight = null;
        (await LaterAsync(board)).ShouldBeEmpty();
        sight = new AlarmStatus(null, "again");
        (await LaterAsync(board)).ShouldHaveSingleItem().Since.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task Alarm_ThatCannotBeSeen_StaysAsItWas_AndSilencesNoOther()
    {
        var away = false;
        var board = Board(
            new ScriptedAlarm("gone", _ => away ? throw new IOException("out of reach") : Sight("bad")),
            new ScriptedAlarm("broken", _ => throw new InvalidOperationException("a bug, for a test")),
            new ScriptedAlarm("other", _ => Sight("bad too")));

        (await board.LookAsync(CancellationToken.None)).Select(alarm => alarm.Name).ShouldBe(["gone", "other"]);
        away = true;
        (await LaterAsync(board)).Select(alarm => alarm.Name).ShouldBe(["gone", "other"]);
    }

    [Fact]
    public async Task Alarm_ThatNeverAnswers_HoldsNobodyUp()
    {
        var asked = new TaskCompletionSource();
        var board = Board(
            new ScriptedAlarm("hangs", _ =>
            {
                asked.SetResult();
                return new TaskCompletionSource<AlarmStatus?>().Task;
            }),
            new ScriptedAlarm("other", _ => Sight("bad")));

        var looking = board.LookAsync(CancellationToken.None);
        await asked.Task;
        await _clock.ArmedAsync(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(5));

        (await looking).ShouldHaveSingleItem().Name.ShouldBe("other");
    }

    [Fact]
    public async Task Caller_WhoLeaves_EndsNoLookOfOthers()
    {
        var answer = new TaskCompletionSource<AlarmStatus?>();
        var board = Board(new ScriptedAlarm("one", _ => answer.Task));
        using var gone = new CancellationTokenSource();

        var leaving = board.LookAsync(gone.Token);
        var staying = board.LookAsync(CancellationToken.None);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        answer.SetResult(new AlarmStatus(null, "bad"));

        (await staying).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Alarm_IsMeasuredAsOneAndZero_AndToldNowAndAgain()
    {
        var name = $"measured_{Guid.CreateVersion7(_clock.GetUtcNow()):N}";
        var measured = new List<int>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => { if (instrument.Name is "freeway.alarm") { all.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (tags[0].Value is string alarm && alarm == name)
            {
                measured.Add(value);
            }
        });
        listener.Start();
        AlarmStatus? sight = new(null, "bad");
        var log = new MessageLog();
        var board = new AlarmBoard([new ScriptedAlarm(name, _ => Task.FromResult<AlarmStatus?>(sight))], _clock, log);

        for (var minute = 0; minute < 7; minute++)
        {
            await LaterAsync(board);
        }

        sight = null;
        await LaterAsync(board);
        measured.ShouldBe([1, 1, 1, 1, 1, 1, 1, 0]);
        log.Lines.ShouldBe([$"Alarm {name} has lasted 0 min: bad Look at it.", $"Alarm {name} has lasted 5 min: bad Look at it.", $"The alarm {name} is over after 7 min"]);
    }

    private static Task<AlarmStatus?> Sight(string detail) => Task.FromResult<AlarmStatus?>(new AlarmStatus(null, detail));

    private AlarmBoard Board(params IAlarm[] alarms) => new(alarms, _clock, NullLogger<AlarmBoard>.Instance);

    private Task<IReadOnlyList<RaisedAlarm>> LaterAsync(AlarmBoard board)
    {
        _clock.Advance(AlarmBoard.Every);
        return board.LookAsync(CancellationToken.None);
    }

    private sealed class MessageLog : ILogger<AlarmBoard>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
