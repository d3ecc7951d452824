using Mka1.Edge.ModelServer.Prompting;

namespace Mka1.Edge.ModelServer.Tests.Prompting;

public sealed class SchemaPathsTests
{
    [Theory]
    [InlineData("#", "")]
    [InlineData("#/not", ".not")]
    [InlineData("#/properties/city/anyOf/0/pattern", ".properties.city.anyOf[0].pattern")]
    [InlineData("#/properties/a~1b~0c", ".properties.a/b~c")]
    public void A_pointer_reads_as_the_path_of_a_parameter(string pointer, string path) =>
        Assert.Equal(path, SchemaPaths.FromPointer(pointer));
}
