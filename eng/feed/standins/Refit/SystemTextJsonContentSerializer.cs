using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refit;

public sealed class SystemTextJsonContentSerializer(JsonSerializerOptions jsonSerializerOptions) : IHttpContentSerializer
{
    private static readonly JsonSerializerOptions Default = GetDefaultJsonSerializerOptions();

    public SystemTextJsonContentSerializer()
        : this(Default)
    {
    }

    public static JsonSerializerOptions GetDefaultJsonSerializerOptions() => new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public HttpContent ToHttpContent<T>(T item) => JsonContent.Create(item, item?.GetType() ?? typeof(T), null, jsonSerializerOptions);

    public Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default) =>
        content.ReadFromJsonAsync<T>(jsonSerializerOptions, cancellationToken);
}
