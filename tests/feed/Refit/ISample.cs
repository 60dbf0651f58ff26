using Refit;

namespace Freeway.Feed.Tests.Refit;

[Headers("X-Fixed: one", "X-Dropped: here")]
public interface ISample
{
    [Get("/models/{id}")]
    Task<Model> Model(string id, CancellationToken cancellation = default);

    [Get("/files/{**path}")]
    Task<string> File(string path);

    [Get("/search?fixed=1")]
    Task<string> Search([AliasAs("q")] string? text, int? limit, [Query(CollectionFormat.Multi)] string[] tag);

    [Headers("X-Dropped", "X-More: two")]
    [Post("/chat")]
    Task<HttpResponseMessage> Chat(
        [Body] HttpContent body,
        [Authorize] string key,
        [Header("X-One")] string? one,
        [HeaderCollection] IDictionary<string, string> more,
        CancellationToken cancellation = default);

    [Put("/stream")]
    Task Upload([Body] Stream body);

    [Patch("/models/{id}")]
    Task<ApiResponse<Model>> Change(string id, [Body] Model model);

    [Delete("/models/{id}")]
    Task<ApiResponse<Model>> Remove(string id);

    [Head("/models")]
    Task Ping();
}
