namespace Refit;

public enum BodySerializationMethod
{
    /// <summary>A string as it is, anything else by the content serializer.</summary>
    Default = 0,

    UrlEncoded = 2,

    /// <summary>Everything by the content serializer, strings too.</summary>
    Serialized = 3,
}
