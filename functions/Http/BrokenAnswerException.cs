namespace Freeway.Functions.Http;

/// <summary>An answer that had begun could not be finished; thrown so that the server breaks its connection.</summary>
public sealed class BrokenAnswerException() : Exception("The upstream broke off in the middle of the answer, so the connection is broken too.");
