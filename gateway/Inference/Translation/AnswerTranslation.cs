using Freeway.Gateway.Inference.Relay;
using Freeway.Gateway.Inference.Request;
using Freeway.Gateway.Upstreams;

namespace Freeway.Gateway.Inference.Translation;

/// <summary>Is an upstream's answer in the shape of the surface that the caller speaks.</summary>
public sealed class AnswerTranslation
{
    private readonly IAnswerTranslation _translation;

    private AnswerTranslation(UpstreamReply reply, IAnswerTranslation translation) =>
        (Reply, _translation) = (reply, translation);

    /// <summary>Gets the reply, with a body that is translated as it is read.</summary>
    public UpstreamReply Reply { get; }

    /// <summary>Translates an answer of chat completions into one of messages.</summary>
    public static AnswerTranslation ToMessages(UpstreamReply reply, RequestBody body, string requestId)
    {
        const int bytesPerToken = Metering.UsageEstimator.BytesPerToken;
        var tokens = body.PromptTokens ?? ((body.PromptBytes + bytesPerToken - 1) / bytesPerToken);
        var request = new TranslatedRequest($"msg_{requestId}", body.PromptBytes, tokens);
        IAnswerTranslation translation = reply.IsEventStream ? new ChatEvents(request) : new ChatMessage(request, reply.Status);
        var translated = reply with
        {
            Body = new TranslatedStream(reply.Body, translation),
            ContentType = reply.IsEventStream ? reply.ContentType : "application/json",
            ContentLength = null,
        };
        return new AnswerTranslation(translated, translation);
    }

    /// <summary>Puts into a result what the upstream itself said: that is what is booked.</summary>
    public RelayResult Amend(RelayResult passed) => _translation.Amend(passed);
}

/// <summary>Puts together what was passed to the caller and what the upstream itself said.</summary>
internal static class ReadAnswer
{
    /// <summary>Takes from an answer as the upstream sent it what is booked.</summary>
    public static RelayResult Amend(this AnswerReader answer, RelayResult passed)
    {
        var own = answer.Result(passed.Ending, null, passed.AnyByteWritten, passed.UpstreamReportedError);
        return passed with
        {
            Usage = own.Usage,
            FinishReason = own.FinishReason,
            CompletionBytes = own.CompletionBytes,
            UpstreamModel = own.UpstreamModel,
            UpstreamId = own.UpstreamId,
            HasContent = own.HasContent,
        };
    }
}
