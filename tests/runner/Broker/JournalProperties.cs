using Freeway.Runner.Broker;
using Freeway.Runner.Broker.Journaling;
using Freeway.Runner.Broker.Messages;
using Freeway.Runner.Broker.Queues;
using FsCheck;
using FsCheck.Fluent;

namespace Freeway.Runner.Tests.Broker;

/// <summary>Whatever happens to a queue, and wherever its journal is cut off: what is replayed is what was true.</summary>
public sealed class JournalProperties
{
    private static readonly QueueOptions Options = new("q") { MaxDeliveryCount = 3 };

    private static readonly Arbitrary<int> Places = Gen.Choose(0, 1_000_000).ToArbitrary();

    private static readonly Arbitrary<int[]> Steps = Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary();

    [Fact]
    public void Queue_AfterAnySteps_HoldsWhatTheModelHolds() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Steps, steps =>
        {
            var run = new QueueRun(Options);
            foreach (var step in steps)
            {
                run.Step(step);
                run.Queue.ShouldBe(run.Model.Shown);
            }
        }));

    [Fact]
    public void Journal_CutAnywhere_ReplaysTheStepsBeforeTheCut() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Steps, Places, (steps, at) =>
        {
            var run = new QueueRun(Options);
            var states = new List<(MemoryJournal Journal, int Length, List<string> Shown)> { (run.Journal, run.Journal.Length, []) };
            foreach (var step in steps)
            {
                run.Step(step);
                states.Add((run.Journal, run.Journal.Length, run.Model.ShownAfterRestart()));
            }

            // A restart begins a new journal: what came before it cannot be cut off any more.
            states.RemoveAll(state => state.Journal != run.Journal);
            var (_, length, shown) = states[at % states.Count];
            var nextEnd = run.Journal.Ends.FirstOrDefault(end => end > length, length + 1);
            var cut = length + (at % (nextEnd - length));

            run.Replay(Math.Min(cut, run.Journal.Length)).ShouldBe(shown);
        }));

    [Fact]
    public void Record_EncodedAndDecoded_IsTheSame() =>
        Check.QuickThrowOnFailure(Prop.ForAll<string?, int, byte[]>((messageId, number, content) =>
        {
            var journal = new MemoryJournal();
            var record = new JournalRecord(JournalRecordKind.Stored, number)
            {
                At = DateTimeOffset.UnixEpoch.AddSeconds(number),
                ExpiresAt = number % 2 == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(number),
                MessageId = messageId,
                Content = content ?? [],
                Deliveries = number,
                Lane = number % 3 == 0 ? Lane.Main : Lane.DeadLetter,
                SetAside = number % 5 == 0,
            };
            journal.Append(record);

            var start = JournalReader.Magic.Length + JournalCodec.HeaderBytes;
            var decoded = JournalCodec.Decode(journal.Bytes(journal.Length).AsMemory(start));

            decoded.Content.ToArray().ShouldBe(record.Content.ToArray());
            (decoded with { Content = default }).ShouldBe(record with { Content = default });
        }));
}
