using Freeway.Gateway.ActivityLog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Freeway.Gateway.Notices;

/// <summary>Registers what makes notices and sends them. The store and the client come with the adapters.</summary>
public static class NoticesRegistration
{
    public static IServiceCollection AddNotices(this IServiceCollection services)
    {
        services.TryAddSingleton(new NoticeOptions());
        return services
            .AddSingleton<Webhooks>()
            .AddSingleton<NoticeOutbox>()
            .AddSingleton<NoticeWatch>()
            .AddSingleton<NoticeDelivery>()
            .AddSingleton<NoticeRounds>()
            .AddSingleton<IRecordListener, LimitNotices>()
            .AddSingleton<IDayClosingStep, NoticePurge>()
            .AddHostedService<NoticeWorker>();
    }
}
