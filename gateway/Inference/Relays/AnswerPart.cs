namespace Freeway.Gateway.Inference.Relays;

/// <summary>The members of an answer that are read in passing, at whichever level they stand.</summary>
internal enum AnswerPart
{
    Other,
    Id,
    Model,
    Created,
    Usage,
    Error,
    Choices,
    Data,
    Type,
    Duration,
    FinishReason,
    Produced,
    Text,
    Reasoning,
    Response,
    Output,
    Delta,
    Status,
    Sequence,
}
