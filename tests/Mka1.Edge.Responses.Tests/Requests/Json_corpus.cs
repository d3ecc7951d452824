using System.Text;

namespace Mka1.Edge.Responses.Tests;

/// <summary>
/// A corpus in the manner of JSONTestSuite: sound values stand in an unknown field and are accepted, unsound ones are
/// refused as invalid JSON, wherever the value stands.
/// </summary>
public sealed class Json_corpus
{
    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("-0")]
    [InlineData("0e+1")]
    [InlineData("1E22")]
    [InlineData("123.456e-78")]
    [InlineData("-123123123123123123123123123123")]
    [InlineData("1e-10000")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0060\\u012a\\u12AB\"")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")]
    [InlineData("\"\\\\u0000\"")]
    [InlineData("\"\\\\a\"")]
    [InlineData("\"\\uD801\\udc37\"")]
    [InlineData("\"\\ud83d\\ude39\\ud83d\\udc8d\"")]
    [InlineData("\"\\uDBFF\\uDFFF\"")]
    [InlineData("\"\\uFFFF\\uFDD0\"")]
    [InlineData("\"\u2028\u2029\u007f\"")]
    [InlineData("\"€𝄞👨‍👩‍👧\u202eabc\"")]
    [InlineData("\"new\\u000Aline\"")]
    [InlineData("[]")]
    [InlineData("[[]   ]")]
    [InlineData("[1,null,null,null,2]")]
    [InlineData("[ 4\t,\r\n5]")]
    [InlineData("{}")]
    [InlineData("{\"\":0}")]
    [InlineData("{\"foo\\u0000bar\": 42}")]
    [InlineData("{\"min\": -1.0e+28, \"max\": 1.0e+28}")]
    public void Sound_values_are_accepted(string value) => Parse.Accepted(Parse.With($"\"x\":{value}"));

    [Theory]
    [InlineData("")]
    [InlineData("[1 true]")]
    [InlineData("[a]")]
    [InlineData("[\"\": 1]")]
    [InlineData("[\"\"],")]
    [InlineData("[,1]")]
    [InlineData("[1,,2]")]
    [InlineData("[1,]")]
    [InlineData("[\"x\"]]")]
    [InlineData("[\"x\"")]
    [InlineData("[3[4]]")]
    [InlineData("[1:2]")]
    [InlineData("[*]")]
    [InlineData("[fals]")]
    [InlineData("[nul]")]
    [InlineData("[tru]")]
    [InlineData("[True]")]
    [InlineData("[++1234]")]
    [InlineData("[+1]")]
    [InlineData("[-01]")]
    [InlineData("[-1.0.]")]
    [InlineData("[-2.]")]
    [InlineData("[.-1]")]
    [InlineData("[.2e-3]")]
    [InlineData("[0.1.2]")]
    [InlineData("[0.3e+]")]
    [InlineData("[0.e1]")]
    [InlineData("[0E]")]
    [InlineData("[1.0e+]")]
    [InlineData("[1 000.0]")]
    [InlineData("[1eE2]")]
    [InlineData("[2.e+3]")]
    [InlineData("[0x1]")]
    [InlineData("[0x42]")]
    [InlineData("[Infinity]")]
    [InlineData("[-Infinity]")]
    [InlineData("[NaN]")]
    [InlineData("[-NaN]")]
    [InlineData("[1+2]")]
    [InlineData("[\uff11]")]
    [InlineData("[012]")]
    [InlineData("[-foo]")]
    [InlineData("{[: \"x\"}")]
    [InlineData("{\"x\", null}")]
    [InlineData("{\"x\"::\"b\"}")]
    [InlineData("{key: 'value'}")]
    [InlineData("{\"a\":\"a\" 123}")]
    [InlineData("{\"a\" b}")]
    [InlineData("{:\"b\"}")]
    [InlineData("{\"a\" \"b\"}")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\"")]
    [InlineData("{1:1}")]
    [InlineData("{9999E9999:1}")]
    [InlineData("{\"id\":0,}")]
    [InlineData("{\"a\":\"b\",,\"c\":\"d\"}")]
    [InlineData("{\"a\":/*comment*/\"b\"}")]
    [InlineData("{'a':0}")]
    [InlineData("{\"a\":\"b\"}#")]
    [InlineData("[\"\\uD800\\\"]")]
    [InlineData("[\"\\u00A\"]")]
    [InlineData("[\"\\\\\\\"]")]
    [InlineData("[\"\\uD834\\uDd\"]")]
    [InlineData("[\"\\a\"]")]
    [InlineData("[\"\\\0\"]")]
    [InlineData("[\"\\u\uff11\uff12\uff13\uff14\"]")]
    [InlineData("[\"\t\"]")]
    [InlineData("[\"new\nline\"]")]
    [InlineData("[\"\u001f\"]")]
    [InlineData("['single quote']")]
    [InlineData("[abc\"]")]
    [InlineData("\"")]
    [InlineData("\"\\uD800\"")]
    [InlineData("\"\\uDFAA\"")]
    [InlineData("\"\\uD888\\u1234\"")]
    [InlineData("\"\\uD800\\uD800\\n\"")]
    [InlineData("\"\\uDd1e\\uD834\"")]
    [InlineData("1e99999")]
    [InlineData("-1e+9999")]
    [InlineData("[\u2060]")]
    [InlineData("[\u000c]")]
    [InlineData("[\uFEFF1]")]
    [InlineData("<.>")]
    [InlineData("[<null>]")]
    [InlineData("undefined")]
    public void Unsound_values_are_refused(string value)
    {
        var error = Parse.Refused(Parse.With($"\"x\":{value}"));

        Assert.Equal(ErrorCode.InvalidJson, error.Code);
        // Cutting a body anywhere inside it leaves no sound object either.
        var bytes = Encoding.UTF8.GetBytes(Parse.With($"\"x\":{value}"));
        Assert.Equal(ErrorCode.InvalidJson, Parse.Refused(bytes[..^1]).Code);
    }

    [Fact]
    public void Every_cut_of_a_sound_body_is_refused()
    {
        foreach (var sample in SampleBodies.All)
        {
            var bytes = Encoding.UTF8.GetBytes(sample);
            for (var length = 0; length < bytes.Length; length++)
                Assert.Equal(ErrorCode.InvalidJson, Parse.Refused(bytes[..length]).Code);
        }
    }
}
