namespace Freeway.Runner.Broker.Queues;

/// <summary>A queue has two lanes, received from apart: its messages, and those it gave up.</summary>
internal enum Lane : byte
{
    Main = 0,
    DeadLetter = 1,
}
