using Freeway.Gateway.Core;
using Freeway.Gateway.SignUp;
using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Adapters.SignUp;

/// <summary>Registers the client of the provider that people sign in with.</summary>
public static class SignUpAdaptersRegistration
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddSignUpAdapters(this IServiceCollection services)
    {
        services.AddHttpClient(OpenIdProvider.ClientName, client =>
            {
                client.Timeout = Longest;
                client.MaxResponseContentBufferSize = OpenIdProvider.MostBytes;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                // A redirect would take code and secret to where nobody has said that they may go.
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                UseCookies = false,
            })
            .RemoveAllLoggers();
        return services.AddSingleton<IIdentityProvider>(provider =>
            provider.GetRequiredService<SignUpOptions>().HasProvider()
                ? ActivatorUtilities.CreateInstance<OpenIdProvider>(provider)
                : new NoProvider());
    }

    /// <summary>Stands where no provider is set; who asks for one was refused before.</summary>
    private sealed class NoProvider : IIdentityProvider
    {
        private static readonly Refusal None = Refuse.NotFound("provider to sign in with");

        public Task<Result<Uri>> BeginAsync(SignInAttempt attempt, CancellationToken cancellation) =>
            Task.FromResult<Result<Uri>>(None);

        public Task<Result<Person>> FinishAsync(string code, SignInAttempt attempt, CancellationToken cancellation) =>
            Task.FromResult<Result<Person>>(None);
    }
}
