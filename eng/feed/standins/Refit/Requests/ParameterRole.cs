namespace Refit.Requests;

internal enum ParameterRole
{
    Path,
    Query,
    Header,
    HeaderCollection,
    Authorization,
    Body,
    Cancellation,
}
