using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Inference.Request;

/// <summary>Knows the members that a surface acts on, and finds them however they are escaped.</summary>
internal sealed class RequestShape
{
    /// <summary>The members that every surface acts on.</summary>
    private const RequestField Always = RequestField.Model | RequestField.Models | RequestField.Content
        | RequestField.ServiceTier | RequestField.Provider | RequestField.Tools
        | RequestField.User | RequestField.SafetyIdentifier;

    private static readonly (string Name, RequestField Field)[] Named =
    [
        ("model", RequestField.Model),
        ("models", RequestField.Models),
        ("service_tier", RequestField.ServiceTier),
        ("provider", RequestField.Provider),
        ("tools", RequestField.Tools),
        ("stream", RequestField.Stream),
        ("stream_options", RequestField.StreamOptions),
        ("max_tokens", RequestField.MaxTokens),
        ("max_completion_tokens", RequestField.MaxCompletionTokens),
        ("max_output_tokens", RequestField.MaxOutputTokens),
        ("n", RequestField.N),
        ("best_of", RequestField.BestOf),
        ("size", RequestField.Size),
        ("stream_format", RequestField.StreamFormat),
        ("background", RequestField.Background),
        ("previous_response_id", RequestField.PreviousResponse),
        ("conversation", RequestField.Conversation),
        ("prompt", RequestField.StoredPrompt),
        ("user", RequestField.User),
        ("safety_identifier", RequestField.SafetyIdentifier),
    ];

    /// <summary>The members that reach no model, whatever the surface.</summary>
    private static readonly string[] Asides =
        ["metadata", "logit_bias", "prompt_cache_key"];

    private static readonly FrozenDictionary<Surface, RequestShape> Known =
        Surface.All.ToFrozenDictionary(surface => surface, surface => new RequestShape(surface));

    private readonly (byte[] Name, RequestField Field)[] _members;

    private RequestShape(Surface surface) => _members =
    [
        .. Named.Append((Name: surface.Content.Name, Field: RequestField.Content))
            .Where(member => ((surface.Members | Always) & member.Field) is not 0)
            .Concat(Asides.Concat(surface.Asides).Select(name => (Name: name, Field: RequestField.Aside)))
            .Select(member => (Encoding.UTF8.GetBytes(member.Name), member.Field)),
    ];

    public static RequestShape Of(Surface surface) => Known[surface];

    /// <summary>Names a member as it is written.</summary>
    public static string NameOf(RequestField field, Surface surface) => field switch
    {
        RequestField.Content => surface.Content.Name,
        RequestField.IncludeUsage => "stream_options.include_usage",
        _ => Named.Single(member => member.Field == field).Name,
    };

    /// <summary>Finds the member that the reader stands at the name of.</summary>
    public RequestField Read(ref Utf8JsonReader json)
    {
        foreach (var (name, field) in _members)
        {
            if (json.ValueTextEquals(name))
            {
                return field;
            }
        }

        return RequestField.Other;
    }
}
