using Freeway.Gateway.Core;

namespace Freeway.Tests.Simulation.World;

/// <summary>One request that was sent, and what is known of it.</summary>
public sealed class SimRequest(string org, SimExchange exchange, string? idempotencyKey)
{
    public string Org => org;

    public SimExchange Exchange => exchange;

    public string? IdempotencyKey => idempotencyKey;

    /// <summary>When it was sent.</summary>
    public TimeSpan SentAt { get; init; }

    /// <summary>When the pipeline came to its end; null while it has not.</summary>
    public TimeSpan? EndedAt { get; set; }

    /// <summary>The pipeline has come to its end.</summary>
    public bool Ended => EndedAt is not null;

    /// <summary>Its instance was killed first.</summary>
    public bool WasKilled { get; set; }

    /// <summary>The pipeline found that its caller had left before anything was answered.</summary>
    public bool HasLeft { get; set; }

    public Exception? Error { get; set; }

    /// <summary>True where the caller was told that nothing was taken.</summary>
    public bool WasToldNothing => Ended && Exchange.Refusal is { } refusal && !SaysThatItFailed(refusal.Code) && refusal.Code is not RefusalCode.OutcomeUnknown;

    /// <summary>The status of the whole answer or of the failure that the caller was told; null where it was told neither.</summary>
    public int? ToldStatus => (Ended, Error, Exchange) switch
    {
        (true, _, { Refusal: { } refusal }) => SaysThatItFailed(refusal.Code) ? refusal.Status : null,
        (true, null, { IsComplete: true, IsBroken: false, IsReplay: false }) => Exchange.Head?.Status,
        _ => null,
    };

    /// <summary>Whether the request was admitted and failed, by this code.</summary>
    private static bool SaysThatItFailed(RefusalCode code) =>
        code is RefusalCode.UpstreamError or RefusalCode.UpstreamTimeout or RefusalCode.Overloaded or RefusalCode.InternalError;

    public override string ToString() =>
        WasKilled ? "killed"
        : !Ended ? "no answer"
        : HasLeft ? "left"
        : Error is not null ? $"failed: {Error.Message}"
        : Exchange.Refusal is { } refusal ? $"refused {refusal.Code}"
        : Exchange.IsReplay ? "replayed"
        : Exchange.IsBroken ? "broken"
        : Exchange.IsComplete ? "answered" : "ended";
}
