namespace Freeway.Gateway.Audit;

/// <summary>What became of a change.</summary>
public abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    /// <summary>It is in.</summary>
    public sealed record Applied : ChangeOutcome;

    /// <summary>It is not in and never will be: the document is there already, or is no longer what was read.</summary>
    public sealed record Lost : ChangeOutcome;

    /// <summary>It is not in and never will be: the same command, or another under its key, was carried out before.</summary>
    public sealed record Repeated(OnceRecord First) : ChangeOutcome;
}
