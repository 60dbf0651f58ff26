namespace Refit;

/// <summary>No answer came; the inner exception says why.</summary>
public class ApiRequestException : ApiExceptionBase
{
    public ApiRequestException(HttpRequestMessage message, HttpMethod httpMethod, RefitSettings refitSettings, Exception innerException)
        : base(innerException.Message, message, httpMethod, refitSettings, innerException)
    {
    }
}
