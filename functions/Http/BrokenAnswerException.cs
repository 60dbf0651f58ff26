namespace Freeway.Functions.Http;

/// <summary>An answer that had begun could not be finished; thrown so that the server breaks its connection.</summary>
public sealed class BrokenAnswerException() : Exception("What the answer is made of broke off in the middle of it, so the connection is broken too.");
