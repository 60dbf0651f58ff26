using Microsoft.Extensions.DependencyInjection;

namespace Freeway.Gateway.SignUp;

/// <summary>Registers sign-up. Nothing of it is made before somebody asks for it.</summary>
public static class SignUpRegistration
{
    public static IServiceCollection AddSignUp(this IServiceCollection services) => services
        .AddSingleton<SignedText>()
        .AddSingleton<Registrations>();
}
