namespace Freeway.Bicep.Tests;

/// <summary>A function that listens to a queue.</summary>
/// <param name="Queue">As in its attribute, e.g. <c>%ActivityQueueName%</c>.</param>
/// <param name="Connection">What its settings begin with.</param>
internal sealed record TriggerContract(string Function, string Queue, string Connection);
