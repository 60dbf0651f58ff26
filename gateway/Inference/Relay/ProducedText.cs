namespace Freeway.Gateway.Inference.Relay;

/// <summary>Counts the text that a model has written, for answers whose tokens the upstream does not report.</summary>
internal struct ProducedText
{
    /// <summary>
    /// The bytes of text that a call of a tool counts beside its name and arguments: the marks that models write around
    /// it are about six tokens, and no upstream shows them.
    /// </summary>
    public const int CallBytes = 24;

    // Encrypted reasoning is base64: four characters are three bytes.
    private const int SealedCharacters = 4;
    private const int SealedBytes = 3;

    private long _reasoning;
    private long _reasoningContent;
    private long _details;
    private long _counted;

    /// <summary>UTF-8 bytes of text, of calls of tools and of reasoning, as far as they show.</summary>
    public long Bytes { get; private set; }

    /// <summary>A new choice, or a new item of the output, begins.</summary>
    public void Begin() => (_reasoning, _reasoningContent, _details, _counted) = (0, 0, 0, 0);

    /// <summary>Adds a string of so many bytes.</summary>
    public void Add(AnswerPart part, long length)
    {
        switch (part)
        {
            case AnswerPart.Text: Bytes += length; break;
            case AnswerPart.CallName: Bytes += length + CallBytes; break;
            case AnswerPart.Reasoning: Reasoned(ref _reasoning, length); break;
            case AnswerPart.ReasoningContent: Reasoned(ref _reasoningContent, length); break;
            case AnswerPart.ReasoningDetail: Reasoned(ref _details, length); break;
            case AnswerPart.Sealed: Reasoned(ref _details, length * SealedBytes / SealedCharacters); break;
        }
    }

    /// <summary>
    /// Some upstreams send one and the same reasoning under two or three names: the longest of them counts.
    /// </summary>
    private void Reasoned(ref long name, long length)
    {
        name += length;
        var most = Math.Max(_reasoning, Math.Max(_reasoningContent, _details));
        Bytes += most - _counted;
        _counted = most;
    }
}
