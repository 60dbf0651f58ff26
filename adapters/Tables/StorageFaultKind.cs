namespace Freeway.Adapters.Tables;

/// <summary>What a failed storage operation tells about what is stored now.</summary>
public enum StorageFaultKind
{
    /// <summary>Nobody knows: the operation may have been done, may yet be done, or may never be.</summary>
    Unknown,

    /// <summary>Not done: a row is there already, or is no longer as its ETag says (409, 412).</summary>
    Conflict,

    /// <summary>Not done: a row or the table is not there (404).</summary>
    Missing,

    /// <summary>Not done, and never will be in this form (400, 413).</summary>
    Invalid,

    /// <summary>Not done: credentials or rights (401, 403).</summary>
    Denied,
}
