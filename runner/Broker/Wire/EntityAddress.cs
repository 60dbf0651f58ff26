using Freeway.Runner.Broker.Queues;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Wire;

/// <summary>What a link's address names: <c>/queue</c>, <c>queue/$deadletterqueue</c>, each with <c>/$management</c>.</summary>
internal readonly record struct EntityAddress(string Queue, Lane Lane, bool IsManagement)
{
    private const string DeadLetters = "$deadletterqueue";
    private const string Management = "$management";

    public static EntityAddress Parse(Address? address)
    {
        var path = Uri.UnescapeDataString(address?.ToString() ?? "").Trim('/');
        var isManagement = Cut(ref path, Management);
        var lane = Cut(ref path, DeadLetters) ? Lane.DeadLetter : Lane.Main;
        return new EntityAddress(path, lane, isManagement);
    }

    private static bool Cut(ref string path, string ending)
    {
        if (!path.EndsWith('/' + ending, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        path = path[..^(ending.Length + 1)];
        return true;
    }
}
