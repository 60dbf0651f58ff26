using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Freeway.Adapters.Tests")]
[assembly: InternalsVisibleTo("Freeway.FrontDoor.Tests")]
