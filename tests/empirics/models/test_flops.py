import pytest

from ascentcheck.empirics.models import Cnn, Mlp, ResNet9, ResNet18
from ascentcheck.empirics.models.counted import counted
from ascentcheck.empirics.models.flops import forward_flops


def test_perceptron_by_hand():
    assert forward_flops(Mlp((12, 7), (1, 8, 8), 10), (1, 8, 8)) == 2 * (64 * 12 + 12 * 7 + 7 * 10)


def test_one_convolution_by_hand():
    assert forward_flops(Cnn((5,), (2, 8, 6), 3), (2, 8, 6)) == 2 * (8 * 6 * 5 * 2 * 9 + 5 * 3)


def test_two_convolutions_by_hand():
    multiply_adds = 64 * 4 * 9 + 16 * 6 * 4 * 9 + 6 * 10
    assert forward_flops(Cnn((4, 6), (1, 8, 8), 10), (1, 8, 8)) == 2 * multiply_adds


def test_a_strided_convolution_and_a_head_on_all_values_by_hand():
    model = Cnn((8, 16), (3, 32, 32), 10, first_kernel=5, first_stride=2, head="flatten")
    multiply_adds = 16 * 16 * 8 * 3 * 25 + 8 * 8 * 16 * 8 * 9 + 8 * 8 * 16 * 10
    assert forward_flops(model, (3, 32, 32)) == 2 * multiply_adds


def test_resnet9_of_the_paper_by_hand():
    multiply_adds = 32**2 * 64 * 27
    multiply_adds += 16**2 * (128 * 64 * 25 + 2 * 128 * 128 * 9 + 256 * 128 * 9)
    multiply_adds += 8**2 * 2 * 256 * 256 * 9 + 6**2 * 128 * 256 * 9 + 128 * 10
    assert multiply_adds == 291_308_800
    assert forward_flops(ResNet9(64, (3, 32, 32), 10), (3, 32, 32)) == 2 * multiply_adds


def test_resnet18_by_hand():
    multiply_adds = 16**2 * 4 * 3 * 49 + 8**2 * 4 * 4 * 4 * 9
    for size, out in ((4, 8), (2, 16), (1, 32)):
        multiply_adds += size**2 * (out * out // 2 * 10 + 3 * out * out * 9)
    multiply_adds += 32 * 5
    assert forward_flops(ResNet18(4, (3, 32, 32), 5), (3, 32, 32)) == 2 * multiply_adds


@pytest.mark.parametrize(
    "model",
    [
        Mlp((5, 7), (3, 13, 11), 4),
        *(
            Cnn((3, 4, 5), (2, 13, 10), 4, kernel, stride, head)
            for kernel, stride, head in ((3, 1, "average"), (5, 2, "flatten"), (7, 1, "flatten"))
        ),
        *(ResNet9(2, (2, *size), 3) for size in ((11, 11), (13, 18), (32, 27))),
        *(ResNet18(2, (2, *size), 3) for size in ((1, 1), (9, 17), (32, 27))),
    ],
)
def test_shapes_give_what_torch_counts(model):
    assert forward_flops(model, model.shape) == counted(model, model.shape)


@pytest.mark.parametrize("model", [ResNet9(4, (3, 16, 16), 10), ResNet18(4, (3, 16, 16), 10)])
def test_the_shape_counts_not_that_of_the_model(model):
    """A network trained on small images may be evaluated on larger ones."""
    assert forward_flops(model, (3, 32, 32)) > 2 * forward_flops(model, (3, 16, 16))
