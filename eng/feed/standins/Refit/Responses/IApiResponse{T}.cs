namespace Refit;

public interface IApiResponse<out T> : IApiResponse
{
    T? Content { get; }
}
