namespace Refit.Requests;

/// <summary>Turns an exchange into what a method returns.</summary>
internal abstract class ResponseReader
{
    public static ResponseReader? For(Type returned)
    {
        if (returned == typeof(Task))
        {
            return new VoidReader();
        }

        if (!returned.IsGenericType || returned.GetGenericTypeDefinition() != typeof(Task<>))
        {
            return null;
        }

        var result = returned.GetGenericArguments()[0];
        var wraps = result.IsGenericType && result.GetGenericTypeDefinition() is var open
            && (open == typeof(ApiResponse<>) || open == typeof(IApiResponse<>));
        var reader = wraps
            ? typeof(ApiResponseReader<,>).MakeGenericType(result, result.GetGenericArguments()[0])
            : typeof(ResultReader<>).MakeGenericType(result);
        return (ResponseReader)Activator.CreateInstance(reader)!;
    }

    public abstract Task ReadAsync(Exchange exchange);
}
