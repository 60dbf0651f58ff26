namespace Freeway.Gateway.Audit;

/// <summary>What an operator can change. Each kind is kept apart, under its name: the word in snake case.</summary>
public enum SubjectKind
{
    Org,

    /// <summary>An API key.</summary>
    Key,

    ManagementKey,

    /// <summary>An org's account.</summary>
    Credits,

    /// <summary>What is offered: models, plans, upstreams.</summary>
    Catalogue,

    /// <summary>The books: closing of days, reconciliation, retention.</summary>
    Books,
}
