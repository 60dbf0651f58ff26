namespace Refit;

/// <param name="path">Begins with a slash; appended to the client's base address.</param>
public abstract class HttpMethodAttribute(string path) : Attribute
{
    public abstract HttpMethod Method { get; }

    public virtual string Path { get; protected set; } = path;
}
