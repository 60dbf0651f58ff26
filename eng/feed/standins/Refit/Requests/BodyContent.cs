namespace Refit.Requests;

internal static class BodyContent
{
    public static HttpContent? From(object? body, BodySerializationMethod method, IHttpContentSerializer serializer) => body switch
    {
        null => null,
        HttpContent content => content,
        Stream stream => new StreamContent(stream),
        string text when method == BodySerializationMethod.Default => new StringContent(text),
        IEnumerable<KeyValuePair<string, string>> form when method == BodySerializationMethod.UrlEncoded => new FormUrlEncodedContent(form),
        _ when method == BodySerializationMethod.UrlEncoded =>
            throw new NotSupportedException("This stand-in encodes only pairs of strings as a form."),
        _ => serializer.ToHttpContent(body),
    };
}
