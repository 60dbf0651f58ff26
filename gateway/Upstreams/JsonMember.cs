namespace Freeway.Gateway.Upstreams;

/// <summary>Where a member of a body stands, in bytes: from the quote before its name to behind its value.</summary>
/// <param name="NameEnd">Behind the quote after its name.</param>
internal readonly record struct JsonMember(string Name, long Start, long NameEnd, long ValueEnd, bool IsNull);
