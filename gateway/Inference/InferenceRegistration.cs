using Freeway.Gateway.Inference.Relays;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Inference;

/// <summary>Brings the pipeline and its stages.</summary>
public static class InferenceRegistration
{
    /// <summary>A host that lives on between requests registers <see cref="AfterAnswerOptions"/> of its own.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.TryAddSingleton(new AfterAnswerOptions(Held: null));
        return services
            .AddSingleton<StreamRelay>()
            .AddSingleton<JsonRelay>()
            .AddSingleton<BytesRelay>()
            .AddSingleton<Estimating>()
            .AddSingleton<RepeatStage>()
            .AddSingleton<MissingPlans>()
            .AddSingleton<QuoteStage>()
            .AddSingleton<Candidates>()
            .AddSingleton<AdmitStage>()
            .AddSingleton<RouteStage>()
            .AddSingleton<UpstreamStage>()
            .AddSingleton<AfterAnswers>()
            .AddHostedService(provider => provider.GetRequiredService<AfterAnswers>())
            .AddSingleton<Settlement>()
            .AddSingleton<Suggestions>()
            .AddSingleton<InferencePipeline>();
    }
}
